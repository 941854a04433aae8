import type { LatentDocument } from "../../files";

/** One inverted face in a batch's report. */
export interface InversionRow {
  /** Path of the photo as it was named. */
  readonly photo: string;
  /** From 0. */
  readonly face: number;
  /** How many faces of this photo are in the report. */
  readonly faces: number;
  /** Path of the latent. */
  readonly latent: string;
  readonly method: string;
  readonly iterations: number;
  readonly psnr: number | undefined;
  readonly ssim: number | undefined;
  readonly lpips: number | undefined;
  readonly identity: number | undefined;
  readonly norm: number;
  readonly seconds: number | undefined;
}

/** What a latent says of its inversion. */
export function rowOf(
  photo: string,
  faces: number,
  latent: string,
  { source, inversion, metrics = {}, norm, run }: LatentDocument,
): InversionRow {
  return {
    photo,
    face: source?.face ?? 0,
    faces,
    latent,
    method: inversion?.method ?? "",
    iterations: inversion?.iterations ?? 0,
    psnr: metrics.psnr,
    ssim: metrics.ssim,
    lpips: metrics.lpips,
    identity: metrics.identity,
    norm,
    seconds: run.seconds,
  };
}

const COLUMNS = [
  "photo",
  "face",
  "latent",
  "method",
  "iterations",
  "psnr",
  "ssim",
  "lpips",
  "identity",
  "norm",
  "seconds",
] as const satisfies readonly (keyof InversionRow)[];

/** The table's first line. */
export const CSV_HEAD = `${COLUMNS.join(",")}\r\n`;

/** One line of the table (RFC 4180); what is not known stays empty. */
export function csvLine(row: InversionRow): string {
  return `${COLUMNS.map((column) => cell(row[column])).join(",")}\r\n`;
}

function cell(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  // A spreadsheet would take such a name for a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
