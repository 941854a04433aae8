import { basename, dirname, extname, join } from "node:path";
import { RfmError, writeFileAtomically } from "../engine/files";

/** Float32 numbers with their shape. */
export interface FloatArray {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Reads an `.npy` of numbers as float32. @throws RfmError where it is no array of numbers or holds NaN or infinities. */
export async function readArray(path: string): Promise<FloatArray> {
  const array = await readScores(path);
  if (!isFinite(array.data)) {
    throw new RfmError("checkpoint", `${path} holds NaN or infinite numbers; make the file again.`);
  }
  return array;
}

/** By index: a callback for each of millions of numbers takes ten times as long. */
function isFinite(data: Float32Array): boolean {
  for (let at = 0; at < data.length; at++) if (!Number.isFinite(data[at])) return false;
  return true;
}

/** Reads an `.npy` of numbers as float32, of which some may be NaN or infinite. @throws RfmError where it is none. */
export async function readScores(path: string): Promise<FloatArray> {
  const { readNpyFile, toFloat32 } = await import("../engine/checkpoints");
  const stored = await readNpyFile(path);
  return { data: toFloat32(stored), shape: stored.shape };
}

/** Writes float32 numbers as `.npy`, atomically. */
export async function writeArray(path: string, data: Float32Array, shape: readonly number[]): Promise<void> {
  const { writeNpy } = await import("../engine/checkpoints");
  await writeFileAtomically(path, writeNpy(data, shape));
}

/**
 * Codes as [n, dimension], from an array [n, dimension] or [dimension].
 *
 * @throws RfmError("usage") for other shapes.
 */
export function asCodes(path: string, { data, shape }: FloatArray, dimension: number): FloatArray {
  if (shape.at(-1) !== dimension || shape.length > 2 || data.length === 0) {
    throw wrongShape(path, shape, `[n,${dimension}]`);
  }
  return { data, shape: [data.length / dimension, dimension] };
}

/**
 * Latents as w+ [n, layers, dimension]: from [n, layers, dimension], one latent [layers, dimension], or plain w
 * [n, dimension] that is repeated for every layer. As many rows as layers are one latent.
 *
 * @throws RfmError("usage") for other shapes.
 */
export function asLatents(path: string, array: FloatArray, layers: number, dimension: number): FloatArray {
  const { data, shape } = array;
  const size = layers * dimension;
  const isWhole = shape.at(-1) === dimension && shape.at(-2) === layers && shape.length <= 3;
  if (isWhole && data.length > 0) return { data, shape: [data.length / size, layers, dimension] };
  if (shape.at(-1) !== dimension || shape.length > 2 || data.length === 0) {
    throw wrongShape(path, shape, `[n,${layers},${dimension}]`);
  }
  const n = data.length / dimension;
  const repeated = new Float32Array(n * size);
  for (let row = 0; row < n; row++) {
    const code = data.subarray(row * dimension, (row + 1) * dimension);
    for (let layer = 0; layer < layers; layer++) repeated.set(code, row * size + layer * dimension);
  }
  return { data: repeated, shape: [n, layers, dimension] };
}

function wrongShape(path: string, shape: readonly number[], expected: string): RfmError {
  return new RfmError(
    "usage",
    `${path} has the shape [${shape.join(",")}], but this model takes ${expected}; give an array of that shape.`,
  );
}

/** A path beside `source` with another ending: `photos/a.png` and `.edited.png` give `photos/a.edited.png`. */
export function beside(source: string, ending: string, folder = dirname(source)): string {
  return join(folder, basename(source, extname(source)) + ending);
}
