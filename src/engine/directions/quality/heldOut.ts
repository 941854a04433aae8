import { RfmError } from "../../files";
import { shuffledIndices } from "./random";

/** Faces to train on and faces to judge by, in a seeded random order. */
export interface HeldOutSplit {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Splits faces at random.
 *
 * @param faces their numbers
 * @param train how many to train on, the others test; default four fifths
 * @throws RfmError("usage") where there are not so many.
 */
export function heldOutSplit(faces: Int32Array, seed: number, train?: number): HeldOutSplit {
  const n = faces.length;
  const count = train ?? Math.ceil(n * 0.8);
  if (!(count >= 2 && count <= n)) {
    throw new RfmError(
      "usage",
      n < 2
        ? `There ${n === 1 ? "is one labelled face" : "are no labelled faces"}, which makes no two classes; label more faces.`
        : `Training on ${count} of ${n} labels is impossible; train on 2 to ${n} of them.`,
    );
  }
  const order = shuffledIndices(n, seed).map((at) => faces[at] as number);
  return { train: order.slice(0, count), test: order.slice(count) };
}

/**
 * The first of each group of equal codes: a face on both sides of a split would be judged by what was learnt by heart.
 *
 * @param rows [n, dimension]
 * @returns their numbers, ascending
 */
export function distinctRows(rows: Float32Array, dimension: number): Int32Array {
  const bits = new Int32Array(rows.buffer, rows.byteOffset, rows.length);
  const seen = new Map<number, number[]>();
  const kept: number[] = [];
  const n = rows.length / dimension;
  for (let row = 0; row < n; row++) {
    const at = row * dimension;
    const hash = hashOf(bits, at, dimension);
    const alike = seen.get(hash);
    if (alike?.some((other) => equalRows(bits, at, other * dimension, dimension)) === true) continue;
    if (alike === undefined) seen.set(hash, [row]);
    else alike.push(row);
    kept.push(row);
  }
  return Int32Array.from(kept);
}

/** Sixteen coordinates spread over the row tell codes apart; equal hashes are compared in full. */
function hashOf(bits: Int32Array, at: number, dimension: number): number {
  const step = Math.max(1, Math.floor(dimension / 16));
  let hash = 0;
  for (let j = 0; j < dimension; j += step) hash = Math.imul(hash ^ (bits[at + j] as number), 0x9e3779b1);
  return hash;
}

function equalRows(bits: Int32Array, a: number, b: number, dimension: number): boolean {
  for (let j = 0; j < dimension; j++) {
    if (bits[a + j] !== bits[b + j]) return false;
  }
  return true;
}
