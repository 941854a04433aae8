import { RfmError } from "../files";

/** The point at t between two codes on the straight line: for w and w+, whose space is flat. */
export function lerp(from: Float32Array, to: Float32Array, t: number): Float32Array {
  sameLength(from, to);
  return from.map((value, i) => value + ((to[i] ?? 0) - value) * t);
}

/**
 * The point at t between two codes on the great circle, their lengths interpolated: for z, whose numbers
 * live near a sphere (Shoemake 1985). Nearly parallel codes take the straight line, where the two agree.
 */
export function slerp(from: Float32Array, to: Float32Array, t: number): Float32Array {
  sameLength(from, to);
  const [lengthFrom, lengthTo] = [norm(from), norm(to)];
  if (lengthFrom === 0 || lengthTo === 0) return lerp(from, to, t);
  const cosine = from.reduce((sum, value, i) => sum + value * (to[i] ?? 0), 0) / (lengthFrom * lengthTo);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  if (sine < 1e-4) return lerp(from, to, t);
  const length = lengthFrom + (lengthTo - lengthFrom) * t;
  const [a, b] = [
    (Math.sin((1 - t) * angle) / sine) * (length / lengthFrom),
    (Math.sin(t * angle) / sine) * (length / lengthTo),
  ];
  return from.map((value, i) => a * value + b * (to[i] ?? 0));
}

/**
 * Euclidean norm of a whole w+ [L,D]. RFM's inversion pulls it towards the origin: about 1000 at 18x512.
 */
export function wPlusNorm(w: Float32Array): number {
  return norm(w);
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function sameLength(from: Float32Array, to: Float32Array): void {
  if (from.length === to.length) return;
  throw new RfmError(
    "usage",
    `The two latents hold ${from.length} and ${to.length} numbers; morph between latents of one model.`,
  );
}
