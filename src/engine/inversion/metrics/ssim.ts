import { clip } from "./clip";

const RADIUS = 5;
const KERNEL = gaussian(1.5, RADIUS);

/**
 * Structural similarity (Wang et al. 2004) of two pictures [channels, height, width] in [-1, 1]: Gaussian windows of 11x11
 * pixels with sigma 1.5 that lie wholly inside, K1 = 0.01, K2 = 0.03, range 2, population covariances, mean over windows
 * and channels, brightness counted from black: what scikit-image gives for the same pictures in bytes. 1 for equal pictures; NaN for differing ones that are smaller than a window.
 */
export function ssim(a: Float32Array, b: Float32Array, width: number, height = width): number {
  const windows = (width - 2 * RADIUS) * (height - 2 * RADIUS);
  if (Math.min(width, height) <= 2 * RADIUS) return a.every((value, i) => value === b[i]) ? 1 : NaN;
  const [c1, c2] = [(0.01 * 2) ** 2, (0.03 * 2) ** 2];
  const size = width * height;
  const channels = a.length / size;
  let sum = 0;
  for (let channel = 0; channel < channels; channel++) {
    const at = channel * size;
    const x = Float64Array.from(a.subarray(at, at + size), fromBlack);
    const y = Float64Array.from(b.subarray(at, at + size), fromBlack);
    const product = (u: Float64Array, v: Float64Array): Float64Array =>
      blur(
        u.map((value, i) => value * (v[i] as number)),
        width,
      );
    const [mx, my] = [blur(x, width), blur(y, width)];
    const [xx, yy, xy] = [product(x, x), product(y, y), product(x, y)];
    for (let i = 0; i < windows; i++) {
      const [p, q] = [mx[i] as number, my[i] as number];
      const vx = (xx[i] as number) - p * p;
      const vy = (yy[i] as number) - q * q;
      const covariance = (xy[i] as number) - p * q;
      sum += ((2 * p * q + c1) * (2 * covariance + c2)) / ((p * p + q * q + c1) * (vx + vy + c2));
    }
  }
  return sum / (channels * windows);
}

/** Gaussian windows wholly inside: [height, width] -> [height - 10, width - 10]. */
function blur(values: Float64Array, width: number): Float64Array {
  const height = values.length / width;
  const [rows, columns] = [height - 2 * RADIUS, width - 2 * RADIUS];
  const across = new Float64Array(height * columns);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < KERNEL.length; k++)
        sum += (KERNEL[k] as number) * (values[row * width + column + k] as number);
      across[row * columns + column] = sum;
    }
  }
  const result = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < KERNEL.length; k++)
        sum += (KERNEL[k] as number) * (across[(row + k) * columns + column] as number);
      result[row * columns + column] = sum;
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

/** A colour in [0, 2]: means are compared by their ratio, which is one of brightness only when black is 0. */
function fromBlack(value: number): number {
  return clip(value) + 1;
}
