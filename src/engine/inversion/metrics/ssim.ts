import { clip } from "./clip";

const RADIUS = 5;
const KERNEL = gaussian(1.5, RADIUS);

/**
 * Structural similarity (Wang et al. 2004) of two pictures [channels, size, size] in [-1, 1]: Gaussian windows of 11x11
 * pixels with sigma 1.5 that lie wholly inside, K1 = 0.01, K2 = 0.03, range 2, population covariances, mean over windows
 * and channels. 1 for equal pictures.
 */
export function ssim(a: Float32Array, b: Float32Array, size: number): number {
  const inner = size - 2 * RADIUS;
  if (inner < 1) return a.every((value, i) => value === b[i]) ? 1 : NaN;
  const [c1, c2] = [(0.01 * 2) ** 2, (0.03 * 2) ** 2];
  const channels = a.length / (size * size);
  let sum = 0;
  for (let channel = 0; channel < channels; channel++) {
    const at = channel * size * size;
    const x = Float64Array.from(a.subarray(at, at + size * size), clip);
    const y = Float64Array.from(b.subarray(at, at + size * size), clip);
    const product = (u: Float64Array, v: Float64Array): Float64Array =>
      blur(
        u.map((value, i) => value * (v[i] as number)),
        size,
      );
    const [mx, my] = [blur(x, size), blur(y, size)];
    const [xx, yy, xy] = [product(x, x), product(y, y), product(x, y)];
    for (let i = 0; i < inner * inner; i++) {
      const [p, q] = [mx[i] as number, my[i] as number];
      const vx = (xx[i] as number) - p * p;
      const vy = (yy[i] as number) - q * q;
      const covariance = (xy[i] as number) - p * q;
      sum += ((2 * p * q + c1) * (2 * covariance + c2)) / ((p * p + q * q + c1) * (vx + vy + c2));
    }
  }
  return sum / (channels * inner * inner);
}

/** Gaussian windows wholly inside: [size, size] -> [size - 10, size - 10]. */
function blur(values: Float64Array, size: number): Float64Array {
  const inner = size - 2 * RADIUS;
  const across = new Float64Array(size * inner);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < inner; column++) {
      let sum = 0;
      for (let k = 0; k < KERNEL.length; k++)
        sum += (KERNEL[k] as number) * (values[row * size + column + k] as number);
      across[row * inner + column] = sum;
    }
  }
  const result = new Float64Array(inner * inner);
  for (let row = 0; row < inner; row++) {
    for (let column = 0; column < inner; column++) {
      let sum = 0;
      for (let k = 0; k < KERNEL.length; k++)
        sum += (KERNEL[k] as number) * (across[(row + k) * inner + column] as number);
      result[row * inner + column] = sum;
    }
  }
  return result;
}

function gaussian(sigma: number, radius: number): Float64Array {
  const taps = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}
