/** A convex loss of the scores z_i = x_i.w of one target, plus the intercept b: sum_i loss_i(z_i + b). */
export interface Loss {
  readonly n: number;
  /** Size of the loss's slopes, summed over the rows: what "zero" is measured against. */
  readonly scale: number;
  /** How far the intercept may move in one Newton step: the loss is no parabola further away. */
  readonly reach: number;
  /** Value, first and second derivative with respect to the intercept; float64 sums. */
  at(scores: Float64Array, intercept: number): LossAt;
  /** Derivatives with respect to each score. */
  slopes(scores: Float64Array, intercept: number, out: Float64Array): void;
  curvatures(scores: Float64Array, intercept: number, out: Float64Array): void;
  /** Makes the slopes sum to exactly zero, which an unpenalised intercept demands of a dual point. */
  balance(slopes: Float64Array): void;
  /** Minus the sum of the conjugates at `shrink * slopes`: the loss's share of Fenchel's dual objective. */
  dual(slopes: Float64Array, shrink: number): number;
}

export interface LossAt {
  readonly value: number;
  readonly slope: number;
  readonly curvature: number;
}

/**
 * The intercept that minimises the loss of these scores: the root of the (increasing) slope, by Newton steps kept inside
 * a bracket.
 */
export function bestIntercept(
  loss: Loss,
  scores: Float64Array,
  start: number,
): { intercept: number; value: number } {
  let low = -Infinity;
  let high = Infinity;
  let intercept = start;
  let at = loss.at(scores, intercept);
  for (let iteration = 0; iteration < 200 && Math.abs(at.slope) > 1e-13 * loss.scale; iteration++) {
    if (at.slope > 0) high = intercept;
    else low = intercept;
    const { reach } = loss;
    const newton = at.curvature > 0 ? -at.slope / at.curvature : -Math.sign(at.slope) * Infinity;
    const next = intercept + Math.max(-reach, Math.min(reach, newton));
    const moved = next > low && next < high ? next : (low + high) / 2;
    if (moved === intercept || !Number.isFinite(moved)) break;
    intercept = moved;
    at = loss.at(scores, intercept);
  }
  return { intercept, value: at.value };
}

/** Slopes of a classifier's loss have the sign of their class: the heavier class is shrunk a little. */
export function balanceClasses(slopes: Float64Array): void {
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
