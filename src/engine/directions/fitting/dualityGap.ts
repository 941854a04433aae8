import type { LogisticProblem } from "./logisticProblem";
import type { Penalty } from "./penalty";

/** x * log(x), 0 at 0. */
function xLogX(x: number): number {
  return x > 0 ? x * Math.log(x) : 0;
}

/**
 * Makes the slopes sum to exactly zero by shrinking the heavier class a little: with an unpenalised intercept only such
 * slopes are a feasible dual point. At the best intercept they already do, up to rounding.
 */
export function balanceSlopes(slopes: Float64Array): void {
  let positive = 0;
  let negative = 0;
  for (const slope of slopes) {
    if (slope > 0) positive += slope;
    else negative -= slope;
  }
  if (!(positive > 0 && negative > 0)) return;
  const shrinkPositive = Math.min(1, negative / positive);
  const shrinkNegative = Math.min(1, positive / negative);
  for (let i = 0; i < slopes.length; i++) {
    const slope = slopes[i] as number;
    slopes[i] = slope * (slope > 0 ? shrinkPositive : shrinkNegative);
  }
}

/**
 * A lower bound on the objective at any coefficients whatever (Fenchel's dual, float64): the objective minus it, the
 * duality gap, certifies how far the optimum can still be.
 *
 * @param slopes derivatives of the loss with respect to the scores, balanced
 * @param gradient their product with the rows: sum_i slopes_i * x_i
 */
export function dualObjective(
  { n, costs }: LogisticProblem,
  penalty: Penalty,
  slopes: Float64Array,
  gradient: Float64Array,
): number {
  const { value, shrink } = penalty.dual(gradient);
  let entropy = 0;
  for (let i = 0; i < n; i++) {
    const cost = costs[i] as number;
    const share = Math.min(1, (shrink * Math.abs(slopes[i] as number)) / cost);
    entropy += cost * (xLogX(share) + xLogX(1 - share));
  }
  return value - entropy;
}
