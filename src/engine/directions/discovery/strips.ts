import { contactSheet, fromTensor, resizePicture, type Picture } from "../../faces";
import { throwIfCancelled, type DirectionDocument } from "../../files";
import { seedsToZ } from "../../latents";
import type { Model } from "../../models";
import { editAlong } from "../direction";
import { applyEdits } from "../editing/applyEdits";

/** How strips look. */
export interface StripOptions {
  /** In sigma, from left to right; default -3..3. */
  readonly amounts?: readonly number[];
  /** Of the face that is edited; default 0. */
  readonly seed?: number;
  /** Side of one face in pixels; default the model's own within 96..192. */
  readonly cell?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?:
    | ((progress: { readonly phase: string; readonly done: number; readonly total: number }) => void)
    | undefined;
}

const AMOUNTS = [-3, -2, -1, 0, 1, 2, 3];

/**
 * One seeded face edited along directions: a row for each direction, a column for each amount. Below the pictures stand
 * the amounts, and the direction's name where it does nothing.
 *
 * @throws CancelledError
 */
export async function directionStrips(
  model: Model,
  documents: readonly DirectionDocument[],
  { amounts = AMOUNTS, seed = 0, cell = cellOf(model), signal, onProgress }: StripOptions = {},
): Promise<Picture> {
  const face = await model.map(seedsToZ([seed], model.zDimension));
  const pictures: Picture[] = [];
  const labels: string[] = [];
  for (const document of documents) {
    throwIfCancelled(signal);
    for (const picture of await facesAlong(model, face, document, amounts, signal)) {
      pictures.push(resizePicture(picture, cell, cell));
    }
    labels.push(...amounts.map((amount) => (amount === 0 ? document.attribute : signed(amount))));
    onProgress?.({ phase: "draw strips", done: pictures.length / amounts.length, total: documents.length });
  }
  return contactSheet(pictures, { columns: amounts.length, labels, cell });
}

async function facesAlong(
  model: Model,
  face: Float32Array,
  document: DirectionDocument,
  amounts: readonly number[],
  signal?: AbortSignal,
): Promise<Picture[]> {
  const { layers, wDimension, codeSize, resolution } = model;
  const codes = new Float32Array(amounts.length * codeSize);
  amounts.forEach((amount, index) => {
    const edit = editAlong({ name: document.attribute, path: "", sha256: "", document }, amount);
    codes.set(applyEdits(face, layers, wDimension, [edit]), index * codeSize);
  });
  const faces = await model.synthesize(codes, amounts.length, { ...(signal && { signal }) });
  return amounts.map((_, index) => fromTensor(faces, resolution, resolution, index));
}

function signed(amount: number): string {
  return amount > 0 ? `+${amount}` : String(amount);
}

/** Small faces are enlarged until their label fits below, large ones made small enough for seven in a row. */
function cellOf({ resolution }: Model): number {
  return Math.min(192, Math.max(96, resolution));
}
