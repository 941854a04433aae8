import { balanceClasses, type Loss, type LossAt } from "./loss";

/**
 * The hinge loss c_i * max(0, 1 - y_i (z_i + b)) made smooth around known multipliers a0 (Rockafellar's method of
 * multipliers): max over a in [0, c_i] of a * (1 - y_i (z_i + b)) - mu / 2 * (a - a0_i)^2. Where a0 are the multipliers
 * of the optimum, both losses have the same minimum, whatever mu is.
 */
export class HingeLoss implements Loss {
  readonly n: number;
  readonly scale: number;
  readonly reach = 4;
  /** The multipliers a0 to start from; see {@link adopt}. */
  readonly multipliers: Float64Array;
  smoothness = 1;

  constructor(
    readonly signs: Int8Array,
    readonly costs: Float64Array,
  ) {
    this.n = signs.length;
    this.scale = costs.reduce((sum, cost) => sum + cost, 0);
    this.multipliers = new Float64Array(this.n);
  }

  /** The hinge loss itself. */
  hinge(scores: Float64Array, intercept: number): number {
    let sum = 0;
    for (let i = 0; i < this.n; i++) {
      const violation = 1 - (this.signs[i] as number) * ((scores[i] as number) + intercept);
      if (violation > 0) sum += (this.costs[i] as number) * violation;
    }
    return sum;
  }

  /** Takes the multipliers of the slopes (slope = -y * a) for a0. */
  adopt(slopes: Float64Array, smoothness: number): void {
    for (let i = 0; i < this.n; i++) this.multipliers[i] = Math.abs(slopes[i] as number);
    this.smoothness = smoothness;
  }

  at(scores: Float64Array, intercept: number): LossAt {
    const { n, signs, costs, multipliers, smoothness } = this;
    let value = 0;
    let slope = 0;
    let banded = 0;
    for (let i = 0; i < n; i++) {
      const sign = signs[i] as number;
      if (sign === 0) continue;
      const violation = 1 - sign * ((scores[i] as number) + intercept);
      const known = multipliers[i] as number;
      const wanted = known + violation / smoothness;
      const a = Math.max(0, Math.min(costs[i] as number, wanted));
      value += a * violation - (smoothness / 2) * (a - known) * (a - known);
      slope -= sign * a;
      if (a === wanted) banded++;
    }
    return { value, slope, curvature: banded / smoothness };
  }

  slopes(scores: Float64Array, intercept: number, out: Float64Array): void {
    for (let i = 0; i < this.n; i++) {
      const sign = this.signs[i] as number;
      const violation = 1 - sign * ((scores[i] as number) + intercept);
      const wanted = (this.multipliers[i] as number) + violation / this.smoothness;
      out[i] = -sign * Math.max(0, Math.min(this.costs[i] as number, wanted));
    }
  }

  curvatures(scores: Float64Array, intercept: number, out: Float64Array): void {
    for (let i = 0; i < this.n; i++) {
      const sign = this.signs[i] as number;
      const violation = 1 - sign * ((scores[i] as number) + intercept);
      const wanted = (this.multipliers[i] as number) + violation / this.smoothness;
      const inside = sign !== 0 && wanted > 0 && wanted < (this.costs[i] as number);
      out[i] = inside ? 1 / this.smoothness : 0;
    }
  }

  balance(slopes: Float64Array): void {
    balanceClasses(slopes);
  }

  /** Of the smooth loss; with `smoothness` 0 that of the hinge loss. */
  dual(slopes: Float64Array, shrink: number, smoothness = this.smoothness): number {
    let sum = 0;
    for (let i = 0; i < this.n; i++) {
      const a = shrink * Math.abs(slopes[i] as number);
      const away = a - (this.multipliers[i] as number);
      sum += a - (smoothness / 2) * away * away;
    }
    return sum;
  }
}
