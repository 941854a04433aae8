import type { Loss, LossAt } from "./loss";

/** C / 2 * (z_i + b - y_i)^2; rows whose value is NaN take no part. */
export class SquaredLoss implements Loss {
  readonly n: number;
  readonly scale: number;
  readonly reach = Infinity;

  constructor(
    readonly values: Float64Array,
    readonly C: number,
  ) {
    this.n = values.length;
    const taking = values.filter((value) => !Number.isNaN(value));
    const mean = taking.reduce((sum, value) => sum + value, 0) / taking.length;
    this.scale = C * taking.reduce((sum, value) => sum + Math.abs(value - mean), 0);
  }

  at(scores: Float64Array, intercept: number): LossAt {
    const { values, C } = this;
    let squares = 0;
    let slope = 0;
    let count = 0;
    values.forEach((value, i) => {
      if (Number.isNaN(value)) return;
      const residual = (scores[i] as number) + intercept - value;
      squares += residual * residual;
      slope += residual;
      count++;
    });
    return { value: (C / 2) * squares, slope: C * slope, curvature: C * count };
  }

  slopes(scores: Float64Array, intercept: number, out: Float64Array): void {
    this.values.forEach((value, i) => {
      out[i] = Number.isNaN(value) ? 0 : this.C * ((scores[i] as number) + intercept - value);
    });
  }

  curvatures(_scores: Float64Array, _intercept: number, out: Float64Array): void {
    this.values.forEach((value, i) => {
      out[i] = Number.isNaN(value) ? 0 : this.C;
    });
  }

  balance(slopes: Float64Array): void {
    let sum = 0;
    let count = 0;
    this.values.forEach((value, i) => {
      if (Number.isNaN(value)) return;
      sum += slopes[i] as number;
      count++;
    });
    this.values.forEach((value, i) => {
      if (!Number.isNaN(value)) slopes[i] = (slopes[i] as number) - sum / count;
    });
  }

  dual(slopes: Float64Array, shrink: number): number {
    const { values, C } = this;
    let sum = 0;
    values.forEach((value, i) => {
      if (Number.isNaN(value)) return;
      const slope = shrink * (slopes[i] as number);
      sum += (slope * slope) / (2 * C) + slope * value;
    });
    return -sum;
  }
}
