/** Rows gathered before their products are added: two columns of them fit in the nearest cache. */
const BLOCK = 256;

/** Sums up x x^T over rows x of d numbers, in float64. */
export class Scatter {
  /** Rows so far. */
  count = 0;
  readonly #products: Float64Array;
  readonly #sums: Float64Array;
  /** The gathered rows column by column: then every product is one of two contiguous runs. */
  readonly #block: Float64Array;
  #gathered = 0;

  constructor(readonly dimension: number) {
    this.#products = new Float64Array(dimension * dimension);
    this.#sums = new Float64Array(dimension);
    this.#block = new Float64Array(dimension * BLOCK);
  }

  /**
   * Adds one row, where given less an offset.
   * @param start where the row begins in `rows`
   */
  add(rows: ArrayLike<number>, start = 0, offset?: ArrayLike<number>): void {
    for (let j = 0; j < this.dimension; j++) {
      const value = (rows[start + j] as number) - (offset?.[j] ?? 0);
      this.#block[j * BLOCK + this.#gathered] = value;
      this.#sums[j] = (this.#sums[j] as number) + value;
    }
    this.count++;
    if (++this.#gathered === BLOCK) this.#flush();
  }

  /** The sum of x x^T, row-major [d,d]. */
  sum(): Float64Array {
    this.#flush();
    return this.#mirrored((a, b) => this.#products[a * this.dimension + b] as number);
  }

  /** The covariance of the rows, divided by their count less one, row-major [d,d]. */
  covariance(): Float64Array {
    this.#flush();
    const mean = this.#sums.map((sum) => sum / this.count);
    return this.#mirrored(
      (a, b) =>
        ((this.#products[a * this.dimension + b] as number) -
          (this.#sums[a] as number) * (mean[b] as number)) /
        (this.count - 1),
    );
  }

  #mirrored(entry: (a: number, b: number) => number): Float64Array {
    const d = this.dimension;
    const matrix = new Float64Array(d * d);
    for (let a = 0; a < d; a++) {
      for (let b = 0; b <= a; b++) matrix[a * d + b] = matrix[b * d + a] = entry(a, b);
    }
    return matrix;
  }

  /** Adds the gathered rows' products to the lower triangle, two by two columns that share their loads. */
  #flush(): void {
    const [d, block, products] = [this.dimension, this.#block, this.#products];
    for (let a = 0; a < d; a += 2) {
      const [a0, a1] = [a * BLOCK, Math.min(a + 1, d - 1) * BLOCK];
      for (let b = 0; b <= a; b += 2) {
        const [b0, b1] = [b * BLOCK, Math.min(b + 1, d - 1) * BLOCK];
        let [s00, s01, s10, s11] = [0, 0, 0, 0];
        for (let i = 0; i < this.#gathered; i++) {
          const [x0, x1] = [block[a0 + i] as number, block[a1 + i] as number];
          const [y0, y1] = [block[b0 + i] as number, block[b1 + i] as number];
          s00 += x0 * y0;
          s01 += x0 * y1;
          s10 += x1 * y0;
          s11 += x1 * y1;
        }
        products[a * d + b] = (products[a * d + b] as number) + s00;
        if (b + 1 < d) products[a * d + b + 1] = (products[a * d + b + 1] as number) + s01;
        if (a + 1 === d) continue;
        products[(a + 1) * d + b] = (products[(a + 1) * d + b] as number) + s10;
        if (b + 1 < d) products[(a + 1) * d + b + 1] = (products[(a + 1) * d + b + 1] as number) + s11;
      }
    }
    this.#gathered = 0;
  }
}
