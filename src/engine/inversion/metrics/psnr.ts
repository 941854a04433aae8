import { clip } from "./clip";

/** Mean squared difference of two pictures in [-1, 1]; values outside are clipped. */
export function meanSquaredDifference(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (clip(a[i] as number) - clip(b[i] as number)) ** 2;
  return sum / a.length;
}

/**
 * Peak signal-to-noise ratio of two pictures in [-1, 1] (values outside are clipped), in dB: 10 log10(2^2 / MSE). Equal
 * pictures give Infinity.
 */
export function psnr(a: Float32Array, b: Float32Array): number {
  return 10 * Math.log10(4 / meanSquaredDifference(a, b));
}
