import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * The products of the codes X [n, d] that a fit needs. X itself is never copied as a whole: implementations walk through
 * it in blocks of rows.
 */
export interface Products {
  readonly rows: Float32Array;
  readonly n: number;
  readonly d: number;
  /** X w for every w [d] at once, float64 sums: into `scores`, one [n] each. */
  scores(weights: readonly Float64Array[], scores: readonly Float64Array[]): Promise<void>;
  /** X^T s for every s [n] at once, float64 sums; one [d] each. */
  gradients(slopes: readonly Float64Array[]): Promise<readonly Float64Array[]>;
  /**
   * sum_i h_i u_i u_i^T over the given rows, where u_i is the row in standard units (see {@link Scaling}); row-major
   * [d, d], symmetric, not centred; float32 products are enough, for it only shapes the steps of a solver.
   */
  gram(rows: Int32Array, curvatures: Float64Array, scaling: Scaling): Promise<Float64Array>;
  release(): Promise<void>;
}

/** Standard units of the columns: u = (x - mean) / deviation. They keep float32 products away from overflow and from offsets. */
export interface Scaling {
  /** [d] */
  readonly mean: Float64Array;
  /** [d]; 0 for a constant column, whose u is 0. */
  readonly deviation: Float64Array;
}

/** Mean and standard deviation of every column, in one pass over what the rows differ from the first one. */
export function scalingOf(rows: Float32Array, n: number, d: number): Scaling {
  const sums = new Float64Array(d);
  const squares = new Float64Array(d);
  const first = Float64Array.from(rows.subarray(0, d));
  for (let i = 1; i < n; i++) {
    const at = i * d;
    for (let j = 0; j < d; j++) {
      const away = (rows[at + j] as number) - (first[j] as number);
      sums[j] = (sums[j] as number) + away;
      squares[j] = (squares[j] as number) + away * away;
    }
  }
  const mean = first.map((value, j) => value + (sums[j] as number) / n);
  const deviation = squares.map((square, j) =>
    Math.sqrt(Math.max(0, square / n - ((sums[j] as number) / n) ** 2)),
  );
  return { mean, deviation };
}

/** Writes sqrt(h_i) * u_i of rows[from, to) into the first rows of the block [*, d]. */
export function packRows(
  { rows, d }: Pick<Products, "rows" | "d">,
  chosen: Int32Array,
  from: number,
  to: number,
  curvatures: Float64Array,
  factors: Float64Array,
  mean: Float64Array,
  block: Float32Array | Float64Array,
): void {
  for (let i = from; i < to; i++) {
    const row = chosen[i] as number;
    const root = Math.sqrt(curvatures[row] as number);
    const source = row * d;
    const target = (i - from) * d;
    for (let j = 0; j < d; j++) {
      block[target + j] =
        root * ((rows[source + j] as number) - (mean[j] as number)) * (factors[j] as number);
    }
  }
}

/** 1 / deviation, 0 for constant columns. */
export function factorsOf({ deviation }: Scaling): Float64Array {
  return deviation.map((sigma) => (sigma > 0 ? 1 / sigma : 0));
}

const ROWS = 256;

/** {@link Products} by plain loops. */
export class PlainProducts implements Products {
  constructor(
    readonly rows: Float32Array,
    readonly n: number,
    readonly d: number,
  ) {}

  async scores(weights: readonly Float64Array[], scores: readonly Float64Array[]): Promise<void> {
    for (const [index, w] of weights.entries()) {
      const out = scores[index];
      if (out !== undefined) scoresOf(this, w, out);
      await nextTurn();
    }
  }

  async gradients(slopes: readonly Float64Array[]): Promise<readonly Float64Array[]> {
    const gradients: Float64Array[] = [];
    for (const s of slopes) {
      gradients.push(gradientOf(this, s));
      await nextTurn();
    }
    return gradients;
  }

  async gram(chosen: Int32Array, curvatures: Float64Array, scaling: Scaling): Promise<Float64Array> {
    await nextTurn();
    return gramOf(this, chosen, curvatures, scaling);
  }

  release(): Promise<void> {
    return Promise.resolve();
  }
}

/** {@link Products.gram} at once, float64. */
export function gramOf(
  codes: Pick<Products, "rows" | "d">,
  chosen: Int32Array,
  curvatures: Float64Array,
  scaling: Scaling,
): Float64Array {
  const { d } = codes;
  const gram = new Float64Array(d * d);
  const factors = factorsOf(scaling);
  const packed = new Float64Array(ROWS * d);
  // Column by column every entry of the result is a dot product of two contiguous runs.
  const block = new Float64Array(ROWS * d);
  for (let start = 0; start < chosen.length; start += ROWS) {
    const end = Math.min(chosen.length, start + ROWS);
    packRows(codes, chosen, start, end, curvatures, factors, scaling.mean, packed);
    for (let i = 0; i < end - start; i++) {
      for (let j = 0; j < d; j++) block[j * ROWS + i] = packed[i * d + j] as number;
    }
    addOuter(block, d, end - start, gram);
  }
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < a; b++) gram[b * d + a] = gram[a * d + b] as number;
  }
  return gram;
}

/** Four rows at a time, to read the weights less often. */
function scoresOf({ rows, n, d }: PlainProducts, weights: Float64Array, scores: Float64Array): void {
  for (let i = 0; i < n; i += 4) {
    const r0 = i * d;
    const r1 = Math.min(i + 1, n - 1) * d;
    const r2 = Math.min(i + 2, n - 1) * d;
    const r3 = Math.min(i + 3, n - 1) * d;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0; j < d; j++) {
      const w = weights[j] as number;
      s0 += (rows[r0 + j] as number) * w;
      s1 += (rows[r1 + j] as number) * w;
      s2 += (rows[r2 + j] as number) * w;
      s3 += (rows[r3 + j] as number) * w;
    }
    // Past the end nothing is written: scores is a typed array.
    scores[i] = s0;
    scores[i + 1] = s1;
    scores[i + 2] = s2;
    scores[i + 3] = s3;
  }
}

/** Eight rows at a time, to read and write the sums less often. */
function gradientOf({ rows, n, d }: PlainProducts, slopes: Float64Array): Float64Array {
  const gradient = new Float64Array(d);
  let i = 0;
  for (; i + 7 < n; i += 8) {
    const s0 = slopes[i] as number;
    const s1 = slopes[i + 1] as number;
    const s2 = slopes[i + 2] as number;
    const s3 = slopes[i + 3] as number;
    const s4 = slopes[i + 4] as number;
    const s5 = slopes[i + 5] as number;
    const s6 = slopes[i + 6] as number;
    const s7 = slopes[i + 7] as number;
    const first = i * d;
    for (let j = 0; j < d; j++) {
      let at = first + j;
      let sum = s0 * (rows[at] as number);
      sum += s1 * (rows[(at += d)] as number);
      sum += s2 * (rows[(at += d)] as number);
      sum += s3 * (rows[(at += d)] as number);
      sum += s4 * (rows[(at += d)] as number);
      sum += s5 * (rows[(at += d)] as number);
      sum += s6 * (rows[(at += d)] as number);
      sum += s7 * (rows[at + d] as number);
      gradient[j] = (gradient[j] as number) + sum;
    }
  }
  for (; i < n; i++) {
    const s = slopes[i] as number;
    for (let j = 0; j < d; j++) gradient[j] = (gradient[j] as number) + s * (rows[i * d + j] as number);
  }
  return gradient;
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
