import { resolve, dirname, join } from "node:path";
import { cropQuad, decodePicture, fromTensor, resizePicture, type Picture, type Quad } from "../../faces";
import {
  makeFolder,
  readDocument,
  RfmError,
  throwIfCancelled,
  writeFileAtomically,
  type LatentDocument,
} from "../../files";
import { latentCode } from "../../latents";
import type { Model } from "../../models";
import { sheetHead, sheetItem, sheetTail, type SheetPictures } from "./contactSheet";
import { clip } from "../metrics/clip";
import { CSV_HEAD, csvLine, rowOf } from "./row";

/** Pictures on the sheet are no larger. */
const LARGEST_SIDE = 256;
const TITLE = "Inversions";

/** The files of a batch's report, by bare names. */
export const REPORT_FILES = { table: "inversions.csv", sheet: "inversions.html" } as const;

/** A face of a batch: inverted now, or found inverted before. */
export interface ReportedFace {
  /** Path of the photo. */
  readonly photo: string;
  /** Path of the latent. */
  readonly latent: string;
}

/** What went wrong with a photo, or with a latent afterwards, in a sentence. */
interface Failure {
  readonly piece: string;
  readonly message: string;
}

/**
 * Writes what became of a batch: `inversions.csv`, and `inversions.html` with photo and reconstruction of each face. Both are
 * made from the latents as they are now and from the photos, one face at a time: of a batch, memory holds its lines of the table.
 * A latent that went away meanwhile is told among the failures.
 *
 * @param failed sentences of the photos that were not inverted
 * @returns the paths of the two files
 * @throws RfmError("file") where they cannot be written; CancelledError.
 */
export async function writeInversionReport(
  folder: string,
  faces: readonly ReportedFace[],
  failed: readonly Failure[],
  model: Model,
  signal?: AbortSignal,
): Promise<{ readonly table: string; readonly sheet: string }> {
  await makeFolder(folder);
  const table = join(folder, REPORT_FILES.table);
  const sheet = join(folder, REPORT_FILES.sheet);
  const counts = new Map<string, number>();
  for (const { photo } of faces) counts.set(photo, (counts.get(photo) ?? 0) + 1);
  const missing: Failure[] = [];
  await writeFileAtomically(sheet, parts());
  return { table, sheet };

  async function* parts(): AsyncGenerator<string> {
    yield sheetHead(TITLE);
    const lines = [CSV_HEAD];
    let last: { readonly path: string; readonly picture: Picture | undefined } | undefined;
    for (const { photo, latent } of faces) {
      throwIfCancelled(signal);
      const document = await readLatent(latent, missing);
      if (document === undefined) continue;
      const row = rowOf(photo, counts.get(photo) ?? 1, latent, document);
      lines.push(csvLine(row));
      // Faces of one photo follow each other: it is decoded once.
      if (last?.path !== photo) last = { path: photo, picture: await readPhoto(photo, signal) };
      yield await sheetItem(row, resolve(folder), await picturesOf(latent, document, last.picture, model));
    }
    yield sheetTail([...failed, ...missing], resolve(folder));
    await writeFileAtomically(table, lines.join(""));
  }
}

async function readLatent(path: string, missing: Failure[]): Promise<LatentDocument | undefined> {
  try {
    return await readDocument(path, "latent");
  } catch (error) {
    if (!(error instanceof RfmError)) throw error;
    missing.push({ piece: path, message: error.message });
    return undefined;
  }
}

async function picturesOf(
  latent: string,
  document: LatentDocument,
  photo: Picture | undefined,
  model: Model,
): Promise<SheetPictures> {
  const x = await model.synthesize(latentCode(document, latent, model), 1);
  const reconstruction = small(fromTensor(x.map(clip), model.resolution));
  const quad = document.source?.quad;
  const isSound = photo !== undefined && quad?.length === 4;
  const crop = isSound ? cropQuad(photo, quad as Quad, reconstruction.width) : blank(reconstruction);
  return { crop, reconstruction };
}

/** A photo that went away after it was inverted leaves a blank in the sheet. */
async function readPhoto(path: string, signal: AbortSignal | undefined): Promise<Picture | undefined> {
  try {
    return await decodePicture(path, signal === undefined ? {} : { signal });
  } catch (error) {
    if (error instanceof RfmError) return undefined;
    throw error;
  }
}

function small(picture: Picture): Picture {
  return picture.width <= LARGEST_SIDE ? picture : resizePicture(picture, LARGEST_SIDE, LARGEST_SIDE);
}

function blank({ width, height }: Picture): Picture {
  return { width, height, data: new Uint8Array(width * height * 3).fill(128) };
}

/** Where a batch's report goes if nobody says so: where its latents go, else the folder that was named, else the photos'. */
export function reportFolder(
  paths: readonly string[],
  photos: readonly string[],
  out: string | undefined,
): string {
  if (out !== undefined) return out;
  const [named] = paths;
  const [first] = photos;
  const isFolder = named !== undefined && first !== undefined && dirname(resolve(first)) === resolve(named);
  return isFolder ? named : dirname(first ?? ".");
}
