import type { Picture } from "./picture";
import { resizePicture } from "./resample";
import { loadSharp, plainBytes } from "./sharp";

export interface ContactSheetOptions {
  readonly columns: number;
  /** One line of text under each picture, in the order of the pictures. */
  readonly labels?: readonly string[];
  /** Longest side of every picture on the sheet, in pixels; the longest there is unless given. */
  readonly cell?: number;
}

const GAP = 8;
const BACKGROUND = 255;
const TEXT_COLOUR = "#333333";
/** Width of an average character of a sans-serif font, as a share of its size. */
const CHARACTER_WIDTH = 0.58;

/** Lays pictures out in rows on white, each centred in its cell, with its label below. */
export async function contactSheet(
  pictures: readonly Picture[],
  options: ContactSheetOptions,
): Promise<Picture> {
  const { labels } = options;
  const columns = Math.min(options.columns, pictures.length);
  if (!(columns >= 1)) throw new RangeError("A contact sheet needs a picture and a column.");
  const cell = options.cell ?? Math.max(...pictures.map(({ width, height }) => Math.max(width, height)));
  const fontSize = Math.min(18, Math.max(10, Math.round(cell / 9)));
  const pitch = {
    across: cell + GAP,
    down: cell + GAP + (labels === undefined ? 0 : Math.round(fontSize * 1.5)),
  };
  const width = columns * pitch.across + GAP;
  const height = Math.ceil(pictures.length / columns) * pitch.down + GAP;
  const sheet = { width, height, data: new Uint8Array(width * height * 3).fill(BACKGROUND) };
  const corner = (index: number): [number, number] => [
    GAP + (index % columns) * pitch.across,
    GAP + Math.floor(index / columns) * pitch.down,
  ];
  for (const [index, picture] of pictures.entries()) {
    const [x, y] = corner(index);
    const fitted = fit(picture, cell);
    place(
      sheet,
      fitted,
      x + Math.floor((cell - fitted.width) / 2),
      y + Math.floor((cell - fitted.height) / 2),
    );
  }
  if (labels === undefined) return sheet;
  const texts = labels.slice(0, pictures.length).map((label, index) => {
    const [x, y] = corner(index);
    const size = Math.min(fontSize, (cell + GAP) / Math.max(1, label.length * CHARACTER_WIDTH));
    return `<text x="${x + cell / 2}" y="${y + cell + fontSize * 1.15}" font-size="${size}">${escapeXml(label)}</text>`;
  });
  return overlay(
    sheet,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, Arial, sans-serif" text-anchor="middle" fill="${TEXT_COLOUR}">${texts.join("")}</svg>`,
  );
}

function fit(picture: Picture, cell: number): Picture {
  const scale = cell / Math.max(picture.width, picture.height);
  if (scale === 1) return picture;
  return resizePicture(
    picture,
    Math.max(1, Math.round(picture.width * scale)),
    Math.max(1, Math.round(picture.height * scale)),
  );
}

function place(sheet: Picture, picture: Picture, left: number, top: number): void {
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(y * picture.width * 3, (y + 1) * picture.width * 3);
    sheet.data.set(row, ((top + y) * sheet.width + left) * 3);
  }
}

async function overlay(sheet: Picture, svg: string): Promise<Picture> {
  const sharp = await loadSharp();
  const { width, height } = sheet;
  const data = await sharp(sheet.data, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(svg) }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, data: plainBytes(data) };
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
