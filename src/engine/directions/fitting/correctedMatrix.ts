/** How the gradient of the loss changed along a step: what a quasi-Newton method learns curvature from. */
export interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

/** A pair with the base's image of its step. */
export interface KnownPair extends Pair {
  readonly image: Float64Array;
}

/**
 * A symmetric matrix with the corrections of Broyden, Fletcher, Goldfarb and Shanno for some steps:
 * B = scale * base - sum u u^T + sum v v^T, with u = B s / sqrt(s^T B s) of the matrix so far and v = y / sqrt(y^T s).
 * The scale is that of the last step.
 */
export class CorrectedMatrix {
  readonly #less: Float64Array[] = [];
  readonly #more: Float64Array[] = [];
  readonly #scale: number;

  /**
   * @param base row-major [k, k], positive semidefinite
   * @param scale of the base where there is no pair
   */
  constructor(
    readonly k: number,
    readonly base: Float64Array,
    scale: number,
    pairs: readonly KnownPair[],
  ) {
    const last = pairs.at(-1);
    this.#scale =
      last === undefined
        ? scale
        : positiveOr(dot(last.step, last.change) / dot(last.step, last.image), scale);
    pairs.forEach(({ step, change, image }) => {
      const before = image.map((value) => this.#scale * value);
      this.#addCorrections(step, before);
      const known = dot(step, before);
      const measured = dot(step, change);
      if (!(known > 0 && measured > 0)) return;
      this.#less.push(before.map((value) => value / Math.sqrt(known)));
      this.#more.push(change.map((value) => value / Math.sqrt(measured)));
    });
  }

  /** The entries (j, j). */
  diagonal(): Float64Array {
    const diagonal = Float64Array.from(
      { length: this.k },
      (_, j) => this.#scale * (this.base[j * this.k + j] as number),
    );
    for (let j = 0; j < this.k; j++) {
      for (const u of this.#less) diagonal[j] = (diagonal[j] as number) - (u[j] as number) ** 2;
      for (const v of this.#more) diagonal[j] = (diagonal[j] as number) + (v[j] as number) ** 2;
    }
    return diagonal;
  }

  /** B x, into `out`. */
  multiply(x: Float64Array, out: Float64Array): void {
    multiply(this.base, x, this.#scale, out);
    this.#addCorrections(x, out);
  }

  #addCorrections(x: Float64Array, out: Float64Array): void {
    for (const u of this.#less) addTimes(out, u, -dot(u, x));
    for (const v of this.#more) addTimes(out, v, dot(v, x));
  }
}

/**
 * scale * matrix x, into `out`; the matrix is row-major [k, k]. Four rows at a time: their sums do not wait for each other,
 * and share what they read of x.
 */
export function multiply(matrix: Float64Array, x: Float64Array, scale: number, out: Float64Array): void {
  const k = x.length;
  for (let a = 0; a < k; a += 4) {
    const row0 = a * k;
    const row1 = Math.min(a + 1, k - 1) * k;
    const row2 = Math.min(a + 2, k - 1) * k;
    const row3 = Math.min(a + 3, k - 1) * k;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let b = 0; b < k; b++) {
      const value = x[b] as number;
      s0 += (matrix[row0 + b] as number) * value;
      s1 += (matrix[row1 + b] as number) * value;
      s2 += (matrix[row2 + b] as number) * value;
      s3 += (matrix[row3 + b] as number) * value;
    }
    // Past the end nothing is written: out is a typed array.
    out[a] = scale * s0;
    out[a + 1] = scale * s1;
    out[a + 2] = scale * s2;
    out[a + 3] = scale * s3;
  }
}

function positiveOr(value: number, otherwise: number): number {
  return value > 0 && Number.isFinite(value) ? value : otherwise;
}

/** a^T b */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}

/** to + factor * vector, in place. */
export function addTimes(to: Float64Array, vector: Float64Array, factor: number): void {
  for (let j = 0; j < to.length; j++) to[j] = (to[j] as number) + factor * (vector[j] as number);
}
