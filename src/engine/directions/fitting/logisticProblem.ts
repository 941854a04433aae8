/**
 * A weighted two-class problem: rows x_i, signs y_i in {-1, +1} and costs c_i > 0 (C times the class weight).
 * Its loss is sum_i c_i * log(1 + exp(-y_i * (x_i.w + b))), as scikit-learn writes it.
 */
export interface LogisticProblem {
  /** Row-major [n, d]. */
  readonly rows: Float32Array;
  readonly n: number;
  readonly d: number;
  readonly signs: Int8Array;
  readonly costs: Float64Array;
}

/** log(1 + exp(-m)) without overflow. */
function softplusOfNegative(m: number): number {
  return m > 0 ? Math.log1p(Math.exp(-m)) : Math.log1p(Math.exp(m)) - m;
}

/** The logistic function 1 / (1 + exp(-t)) without overflow. */
export function sigmoid(t: number): number {
  if (t >= 0) return 1 / (1 + Math.exp(-t));
  const e = Math.exp(t);
  return e / (1 + e);
}

/** The loss of the scores x.w at the intercept b, float64. */
export function logisticLoss(problem: LogisticProblem, scores: Float64Array, intercept: number): number {
  const { n, signs, costs } = problem;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const margin = (signs[i] as number) * ((scores[i] as number) + intercept);
    sum += (costs[i] as number) * softplusOfNegative(margin);
  }
  return sum;
}

/**
 * Derivative of the loss with respect to each score, into `slopes`; and, where asked for, its second derivative.
 */
export function logisticDerivatives(
  { n, signs, costs }: LogisticProblem,
  scores: Float64Array,
  intercept: number,
  slopes: Float64Array,
  curvatures?: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const sign = signs[i] as number;
    const wrong = sigmoid(-sign * ((scores[i] as number) + intercept));
    slopes[i] = -sign * (costs[i] as number) * wrong;
    if (curvatures !== undefined) curvatures[i] = (costs[i] as number) * wrong * (1 - wrong);
  }
}

/**
 * The intercept that minimises the loss of these scores: the root of the (increasing) sum of slopes, by Newton steps
 * kept inside a bracket. With both classes present it exists and is unique.
 */
export function bestIntercept(problem: LogisticProblem, scores: Float64Array, start: number): number {
  const { n, signs, costs } = problem;
  let low = -Infinity;
  let high = Infinity;
  let b = start;
  let total = 0;
  for (let i = 0; i < n; i++) total += costs[i] as number;
  for (let iteration = 0; iteration < 200; iteration++) {
    let slope = 0;
    let curvature = 0;
    for (let i = 0; i < n; i++) {
      const sign = signs[i] as number;
      const wrong = sigmoid(-sign * ((scores[i] as number) + b));
      slope -= sign * (costs[i] as number) * wrong;
      curvature += (costs[i] as number) * wrong * (1 - wrong);
    }
    if (Math.abs(slope) <= 1e-14 * total) break;
    if (slope > 0) high = b;
    else low = b;
    // Far out the curvature vanishes and a Newton step would overshoot: never go further than 4 at once.
    const step = Math.max(-4, Math.min(4, curvature > 0 ? -slope / curvature : -Math.sign(slope) * 4));
    const next = b + step;
    const inside = next > low && next < high;
    const moved = inside ? next : (low + high) / 2;
    if (moved === b) break;
    b = moved;
  }
  return b;
}

/** Scores x_i.w of every row, float64 sums. */
export function scoresOf({ rows, n, d }: LogisticProblem, weights: Float64Array, scores: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const at = i * d;
    let a = 0;
    let b = 0;
    let j = 0;
    for (; j + 1 < d; j += 2) {
      a += (rows[at + j] as number) * (weights[j] as number);
      b += (rows[at + j + 1] as number) * (weights[j + 1] as number);
    }
    if (j < d) a += (rows[at + j] as number) * (weights[j] as number);
    scores[i] = a + b;
  }
}

/** Gradient with respect to w: sum_i slopes_i * x_i, float64 sums; four rows at a time to spare memory traffic. */
export function weightGradient(
  { rows, n, d }: LogisticProblem,
  slopes: Float64Array,
  gradient: Float64Array,
): void {
  gradient.fill(0);
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const s0 = slopes[i] as number;
    const s1 = slopes[i + 1] as number;
    const s2 = slopes[i + 2] as number;
    const s3 = slopes[i + 3] as number;
    const r0 = i * d;
    const r1 = r0 + d;
    const r2 = r1 + d;
    const r3 = r2 + d;
    for (let j = 0; j < d; j++) {
      gradient[j] =
        (gradient[j] as number) +
        s0 * (rows[r0 + j] as number) +
        s1 * (rows[r1 + j] as number) +
        s2 * (rows[r2 + j] as number) +
        s3 * (rows[r3 + j] as number);
    }
  }
  for (; i < n; i++) {
    const s = slopes[i] as number;
    for (let j = 0; j < d; j++) gradient[j] = (gradient[j] as number) + s * (rows[i * d + j] as number);
  }
}
