import { RfmError, throwIfCancelled } from "../files";
import { balanceSlopes, dualObjective } from "./dualityGap";
import { centredGram, type Gram } from "./gram";
import {
  bestIntercept,
  logisticDerivatives,
  logisticLoss,
  scoresOf,
  weightGradient,
  type LogisticProblem,
} from "./logisticProblem";
import { PENALTIES, type PenaltyName } from "./penalty";

export interface LogisticOptions {
  readonly penalty?: PenaltyName;
  /** Relative duality gap to stop at. */
  readonly tolerance?: number;
  readonly maximumIterations?: number;
  /** Computes the Hessians: plain loops, or the matrix products of a runtime. */
  readonly gram?: Gram;
  readonly signal?: AbortSignal | undefined;
}

export interface LogisticFit {
  readonly weights: Float64Array;
  readonly intercept: number;
  readonly objective: number;
  /** Certified in float64: (objective - lower bound) / objective. */
  readonly gap: number;
  readonly iterations: number;
}

/** While far from the optimum a curvature estimate from every eighth row is good enough. */
const COARSE = 8;

/**
 * Minimises `penalty(w) + sum_i c_i * log(1 + exp(-y_i * (x_i.w + b)))` over w and b exactly: proximal Newton steps, each
 * solved by accelerated proximal gradient with restart (l1) or directly (l2), with the intercept always at its optimum and
 * a line search on the true objective. Sums are float64. Ends when the duality gap over all columns certifies the
 * tolerance. Codes of a generator are badly conditioned (1e4), which is why first-order steps on the rows would need
 * thousands of passes; these need about ten.
 *
 * @throws RfmError("usage") where all signs are equal or the gap is not reached.
 */
export async function fitLogistic(
  problem: LogisticProblem,
  options: LogisticOptions = {},
): Promise<LogisticFit> {
  const { tolerance = 1e-6, maximumIterations = 200, gram = centredGram, signal } = options;
  const penalty = PENALTIES[options.penalty ?? "l1"];
  const { n, d, signs } = problem;
  if (signs.every((sign) => sign > 0) || signs.every((sign) => sign < 0)) {
    throw new RfmError(
      "usage",
      "All labels are of one class; choose a threshold that leaves examples on both sides.",
    );
  }
  const weights = new Float64Array(d);
  const scores = new Float64Array(n);
  const slopes = new Float64Array(n);
  const curvatures = new Float64Array(n);
  const gradient = new Float64Array(d);
  let intercept = bestIntercept(problem, scores, 0);
  let objective = logisticLoss(problem, scores, intercept);
  let gap = 1;
  let lastObjective = Infinity;
  let lastViolation = Infinity;
  let stalled = false;
  let curvature: { columns: Int32Array; hessian: Float64Array; coarse: boolean } | undefined;

  for (let iterations = 0; iterations <= maximumIterations; iterations++) {
    throwIfCancelled(signal);
    logisticDerivatives(problem, scores, intercept, slopes, curvatures);
    balanceSlopes(slopes);
    weightGradient(problem, slopes, gradient);
    gap = (objective - dualObjective(problem, penalty, slopes, gradient)) / objective;
    if (gap <= tolerance) return { weights, intercept, objective, gap: Math.max(gap, 0), iterations };

    const violation = penalty.violation(weights, gradient);
    const columns = penalty.workingSet(weights, gradient);
    // The Hessian is the dear part: keep it while steps with it still gain well.
    const far = lastObjective - objective > 0.02 * objective && n >= COARSE * 1.5 * d;
    const known = new Set(curvature?.columns);
    const covered = columns.every((column) => known.has(column));
    if (
      curvature === undefined ||
      curvature.coarse ||
      stalled ||
      !covered ||
      violation > 0.4 * lastViolation
    ) {
      curvature = {
        columns,
        hessian: await gram(problem, curvatures, columns, far ? COARSE : 1),
        coarse: far,
      };
    }
    lastObjective = objective;
    lastViolation = violation;

    const chosen = curvature.columns;
    const pick = (values: Float64Array): Float64Array =>
      Float64Array.from(chosen, (j) => values[j] as number);
    const target = penalty.minimise(
      { centre: pick(weights), gradient: pick(gradient), hessian: curvature.hessian },
      Math.max(violation * (gap > 0.05 ? 0.15 : 0.03), 1e-12),
    );
    const step = new Float64Array(d);
    chosen.forEach((j, at) => {
      step[j] = (target[at] as number) - (weights[j] as number);
    });
    const slopeAlong = step.reduce((sum, move, j) => sum + move * (gradient[j] as number), 0);
    const promised =
      slopeAlong + penalty.value(weights.map((w, j) => w + (step[j] as number))) - penalty.value(weights);
    const change = new Float64Array(n);
    scoresOf(problem, step, change);

    let moved = false;
    for (let length = 1; length > 1e-6; length /= 2) {
      const nextWeights = weights.map((w, j) => w + length * (step[j] as number));
      const nextScores = scores.map((score, i) => score + length * (change[i] as number));
      const nextIntercept = bestIntercept(problem, nextScores, intercept);
      const next = logisticLoss(problem, nextScores, nextIntercept) + penalty.value(nextWeights);
      // Near the optimum gains drown in rounding while the gap still shrinks.
      const enough = objective + 1e-4 * length * Math.min(promised, 0) + 1e-14 * objective;
      if (next > enough) continue;
      moved = true;
      weights.set(nextWeights);
      scores.set(nextScores);
      intercept = nextIntercept;
      objective = next;
      break;
    }
    if (!moved && stalled) break;
    stalled = !moved;
  }
  throw new RfmError(
    "usage",
    `The fit stopped at a relative duality gap of ${gap.toExponential(1)}; lower C or look for columns of very different size.`,
  );
}
