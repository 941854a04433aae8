import type { CorrectedMatrix } from "./correctedMatrix";

/** A convex quadratic g.(v - w) + (v - w)^T H (v - w) / 2 around w, in k variables. */
export interface QuadraticModel {
  readonly centre: Float64Array;
  readonly gradient: Float64Array;
  /** Positive semidefinite. */
  readonly hessian: CorrectedMatrix;
}

/**
 * Minimises quadratic models plus ||v||_1 by accelerated proximal gradient steps with restart (O'Donoghue and Candès
 * 2015): the momentum is dropped whenever it points uphill. Variables are scaled by the diagonal of H first; the penalty
 * is separable, so that this changes the path and not the minimum.
 */
export class SparseMinimum {
  /** Of the last scaled Hessian: close to that of the next one, while the columns are the same. */
  #eigenvector = new Float64Array(0);

  /** Forgets the last Hessian. */
  reset(): void {
    this.#eigenvector = new Float64Array(0);
  }

  /**
   * @param tolerance stop when no component of the smallest subgradient is larger
   * @returns how far the minimiser is from the centre
   */
  find(model: QuadraticModel, tolerance: number, maximumIterations: number): Float64Array {
    const { centre, gradient, hessian } = model;
    const { k } = hessian;
    const diagonal = hessian.diagonal();
    const scale = diagonal.map((value) => 1 / Math.sqrt(Math.max(value, 1e-12)));
    const bound = this.#largestEigenvalue(hessian, scale);
    const length = scale.map((value) => (value * value) / bound);
    let current = new Float64Array(k);
    let next = new Float64Array(k);
    const ahead = new Float64Array(k);
    const image = new Float64Array(k);
    let momentum = 1;
    for (let iterations = 0; iterations < maximumIterations; iterations++) {
      hessian.multiply(ahead, image);
      let worst = 0;
      let uphill = 0;
      for (let j = 0; j < k; j++) {
        const step = length[j] as number;
        const from = ahead[j] as number;
        const w = centre[j] as number;
        const to = shrink(w + from - step * ((gradient[j] as number) + (image[j] as number)), step) - w;
        // The gradient mapping: zero exactly at the minimum.
        const mapping = (from - to) / step;
        worst = Math.max(worst, Math.abs(mapping));
        uphill += mapping * (to - (current[j] as number));
        next[j] = to;
      }
      [current, next] = [next, current];
      if (worst <= tolerance) break;
      const restart = uphill > 0;
      const following = restart ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
      const beta = restart ? 0 : (momentum - 1) / following;
      momentum = following;
      for (let j = 0; j < k; j++) {
        ahead[j] = (current[j] as number) + beta * ((current[j] as number) - (next[j] as number));
      }
    }
    return current;
  }

  /** An upper estimate of the largest eigenvalue of S H S, by power iteration with a margin. */
  #largestEigenvalue(hessian: CorrectedMatrix, scale: Float64Array): number {
    const { k } = hessian;
    const known = this.#eigenvector.length === k;
    let vector = known ? this.#eigenvector : new Float64Array(k).fill(1 / Math.sqrt(k));
    const image = new Float64Array(k);
    let value = 1;
    for (let iteration = 0; iteration < (known ? 6 : 40); iteration++) {
      hessian.multiply(
        vector.map((entry, j) => entry * (scale[j] as number)),
        image,
      );
      const scaled = image.map((entry, j) => entry * (scale[j] as number));
      value = Math.sqrt(scaled.reduce((sum, entry) => sum + entry * entry, 0));
      if (!(value > 0)) return 1;
      const size = value;
      vector = scaled.map((entry) => entry / size);
    }
    this.#eigenvector = vector;
    return value * 1.1;
  }
}

function shrink(value: number, by: number): number {
  return value > by ? value - by : value < -by ? value + by : 0;
}
