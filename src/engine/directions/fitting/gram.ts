import type { LogisticProblem } from "./logisticProblem";

/**
 * Computes the curvature of a loss in some columns: sum_i h_i * (x_i - m)(x_i - m)^T over every `stride`-th row, times
 * `stride`, where m is the h-weighted mean row. The centring is the Schur complement of the unpenalised intercept.
 * @returns row-major [k, k], symmetric
 */
export type Gram = (
  problem: LogisticProblem,
  curvatures: Float64Array,
  columns: Int32Array,
  stride: number,
) => Float64Array | Promise<Float64Array>;

const ROWS = 256;

/** {@link Gram} by plain loops, float64. */
export function centredGram(
  { rows, n, d }: LogisticProblem,
  curvatures: Float64Array,
  columns: Int32Array,
  stride: number,
): Float64Array {
  const k = columns.length;
  const gram = new Float64Array(k * k);
  const sums = new Float64Array(k);
  let total = 0;
  // Each block of rows is laid out column by column and scaled by sqrt(h): then every entry of the result is a dot
  // product of two contiguous runs.
  const block = new Float64Array(k * ROWS);
  for (let start = 0; start < n; start += ROWS * stride) {
    const count = Math.min(ROWS, Math.ceil((n - start) / stride));
    for (let i = 0; i < count; i++) {
      const row = start + i * stride;
      const h = stride * (curvatures[row] as number);
      const root = Math.sqrt(h);
      total += h;
      for (let j = 0; j < k; j++) {
        const x = rows[row * d + (columns[j] as number)] as number;
        sums[j] = (sums[j] as number) + h * x;
        block[j * ROWS + i] = root * x;
      }
    }
    addOuter(block, k, count, gram);
  }
  centre(gram, sums, total);
  return gram;
}

/** Takes the mean's share off the lower triangle and copies it to the upper one. */
export function centre(gram: Float64Array, sums: Float64Array, total: number): void {
  const k = sums.length;
  for (let a = 0; a < k; a++) {
    for (let b = 0; b <= a; b++) {
      const value =
        (gram[a * k + b] as number) - ((sums[a] as number) * (sums[b] as number)) / Math.max(total, 1e-300);
      gram[a * k + b] = value;
      gram[b * k + a] = value;
    }
  }
}

/** Adds the block's products to the lower triangle, in tiles of 4 by 2 sums that stay in registers. */
function addOuter(block: Float64Array, k: number, count: number, gram: Float64Array): void {
  for (let a = 0; a < k; a += 4) {
    const a0 = a * ROWS;
    const a1 = Math.min(a + 1, k - 1) * ROWS;
    const a2 = Math.min(a + 2, k - 1) * ROWS;
    const a3 = Math.min(a + 3, k - 1) * ROWS;
    for (let b = 0; b < a + 4 && b < k; b += 2) {
      const b0 = b * ROWS;
      const b1 = Math.min(b + 1, k - 1) * ROWS;
      let s00 = 0,
        s01 = 0,
        s10 = 0,
        s11 = 0,
        s20 = 0,
        s21 = 0,
        s30 = 0,
        s31 = 0;
      for (let i = 0; i < count; i++) {
        const y0 = block[b0 + i] as number;
        const y1 = block[b1 + i] as number;
        const x0 = block[a0 + i] as number;
        const x1 = block[a1 + i] as number;
        const x2 = block[a2 + i] as number;
        const x3 = block[a3 + i] as number;
        s00 += x0 * y0;
        s01 += x0 * y1;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s20 += x2 * y0;
        s21 += x2 * y1;
        s30 += x3 * y0;
        s31 += x3 * y1;
      }
      add(gram, k, a, b, s00);
      add(gram, k, a, b + 1, s01);
      add(gram, k, a + 1, b, s10);
      add(gram, k, a + 1, b + 1, s11);
      add(gram, k, a + 2, b, s20);
      add(gram, k, a + 2, b + 1, s21);
      add(gram, k, a + 3, b, s30);
      add(gram, k, a + 3, b + 1, s31);
    }
  }
}

function add(gram: Float64Array, k: number, a: number, b: number, value: number): void {
  if (a < k && b <= a) gram[a * k + b] = (gram[a * k + b] as number) + value;
}
