import { scalingOf, type Products, type Scaling } from "./products";

/** Rows that together hold less than this share of the curvature are left out of a Gram. */
const NEGLIGIBLE = 0.02;

/** Hessians of losses in the codes that all targets share. */
export class Curvature {
  readonly #scaling: Scaling;
  readonly #scratch: Float64Array;
  #common: Promise<Float64Array> | undefined;

  constructor(readonly products: Products) {
    this.#scaling = scalingOf(products.rows, products.n, products.d);
    this.#scratch = new Float64Array(products.n);
  }

  /**
   * sum_i h_i (x_i - m)(x_i - m)^T with m the h-weighted mean row, row-major [d, d]. The centring is the Schur complement
   * of the unpenalised intercept.
   * @param fill writes the curvatures h [n]
   */
  async hessian(fill: (curvatures: Float64Array) => void): Promise<Float64Array> {
    const curvatures = this.#scratch;
    fill(curvatures);
    return this.#centred(significant(curvatures), curvatures);
  }

  /** The Hessian of curvatures that are all one, shared by all targets; computed once. */
  common(): Promise<Float64Array> {
    this.#common ??= this.hessian((curvatures) => curvatures.fill(1));
    return this.#common;
  }

  async #centred(chosen: Int32Array, curvatures: Float64Array): Promise<Float64Array> {
    const { products } = this;
    const { d } = products;
    const { mean, deviation } = this.#scaling;
    const gram = await products.gram(chosen, curvatures, this.#scaling);
    const [sums = new Float64Array(d)] = await products.gradients([curvatures]);
    const total = curvatures.reduce((sum, h) => sum + h, 0);
    for (let a = 0; a < d; a++) {
      const sigma = deviation[a] as number;
      sums[a] = sigma > 0 ? ((sums[a] as number) - total * (mean[a] as number)) / sigma : 0;
    }
    for (let a = 0; a < d; a++) {
      for (let b = 0; b <= a; b++) {
        const centred =
          (gram[a * d + b] as number) - ((sums[a] as number) * (sums[b] as number)) / Math.max(total, 1e-300);
        const value = centred * (deviation[a] as number) * (deviation[b] as number);
        gram[a * d + b] = value;
        gram[b * d + a] = value;
      }
    }
    return gram;
  }
}

/** The rows whose curvature matters; the others' is set to zero. */
function significant(curvatures: Float64Array): Int32Array {
  const total = curvatures.reduce((sum, h) => sum + h, 0);
  const least = (NEGLIGIBLE * total) / curvatures.length;
  const rows: number[] = [];
  for (let i = 0; i < curvatures.length; i++) {
    if ((curvatures[i] as number) > least) rows.push(i);
    else curvatures[i] = 0;
  }
  return Int32Array.from(rows);
}
