import { balanceClasses, type Loss, type LossAt } from "./loss";

/** c_i * log(1 + exp(-y_i * (z_i + b))), as scikit-learn writes it; rows of sign 0 take no part. */
export class LogisticLoss implements Loss {
  readonly n: number;
  readonly scale: number;
  readonly reach = 4;

  /** @param costs C times the class weight, >= 0 */
  constructor(
    readonly signs: Int8Array,
    readonly costs: Float64Array,
  ) {
    this.n = signs.length;
    this.scale = costs.reduce((sum, cost) => sum + cost, 0);
  }

  at(scores: Float64Array, intercept: number): LossAt {
    const { n, signs, costs } = this;
    let value = 0;
    let slope = 0;
    let curvature = 0;
    for (let i = 0; i < n; i++) {
      const sign = signs[i] as number;
      if (sign === 0) continue;
      const margin = sign * ((scores[i] as number) + intercept);
      const e = Math.exp(-Math.abs(margin));
      const cost = costs[i] as number;
      const wrong = (margin > 0 ? e : 1) / (1 + e);
      value += cost * (Math.log1p(e) + (margin > 0 ? 0 : -margin));
      slope -= sign * cost * wrong;
      curvature += (cost * e) / ((1 + e) * (1 + e));
    }
    return { value, slope, curvature };
  }

  slopes(scores: Float64Array, intercept: number, out: Float64Array): void {
    const { n, signs, costs } = this;
    for (let i = 0; i < n; i++) {
      const sign = signs[i] as number;
      const margin = sign * ((scores[i] as number) + intercept);
      const e = Math.exp(-Math.abs(margin));
      out[i] = (-sign * (costs[i] as number) * (margin > 0 ? e : 1)) / (1 + e);
    }
  }

  curvatures(scores: Float64Array, intercept: number, out: Float64Array): void {
    const { n, signs, costs } = this;
    for (let i = 0; i < n; i++) {
      const e = Math.exp(-Math.abs((scores[i] as number) + intercept));
      out[i] = signs[i] === 0 ? 0 : ((costs[i] as number) * e) / ((1 + e) * (1 + e));
    }
  }

  balance(slopes: Float64Array): void {
    balanceClasses(slopes);
  }

  dual(slopes: Float64Array, shrink: number): number {
    const { n, costs } = this;
    let entropy = 0;
    for (let i = 0; i < n; i++) {
      const slope = slopes[i] as number;
      if (slope === 0) continue;
      const cost = costs[i] as number;
      const share = Math.min(1, (shrink * Math.abs(slope)) / cost);
      entropy += cost * (xLogX(share) + xLogX(1 - share));
    }
    return -entropy;
  }
}

/** x * log(x), 0 at 0. */
function xLogX(x: number): number {
  return x > 0 ? x * Math.log(x) : 0;
}
