import { RfmError, throwIfCancelled } from "../../files";
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
import { PENALTIES, type Penalty, type PenaltyName } from "./penalty";

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
/** A step that gains less than this share of the objective is no longer far from the optimum. */
const FAR_GAIN = 0.02;
/** An old Hessian is kept as long as each step with it brings the violation below this share of the one before. */
const GOOD_STEP = 0.4;

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
  const { signs } = problem;
  if (signs.every((sign) => sign > 0) || signs.every((sign) => sign < 0)) {
    throw new RfmError(
      "usage",
      "All labels are of one class; choose a threshold that leaves examples on both sides.",
    );
  }
  const point = new Point(problem, PENALTIES[options.penalty ?? "l1"]);
  const model = new LocalModel(point, gram);
  let gap = point.differentiate();
  for (let iterations = 0; gap > tolerance; iterations++) {
    throwIfCancelled(signal);
    if (iterations >= maximumIterations) throw notReached(gap);
    const moved = point.search(await model.step(gap));
    if (!moved && model.isFresh) throw notReached(gap);
    if (!moved) model.discard();
    gap = point.differentiate();
    if (gap <= tolerance) return { ...point.solution, gap: Math.max(gap, 0), iterations: iterations + 1 };
  }
  return { ...point.solution, gap: Math.max(gap, 0), iterations: 0 };
}

function notReached(gap: number): RfmError {
  return new RfmError(
    "usage",
    `The fit stopped at a relative duality gap of ${gap.toExponential(1)}; lower C or look for columns of very different size.`,
  );
}

/** Where the solver stands: coefficients, the scores they give, the intercept that is best for them. */
class Point {
  readonly weights: Float64Array;
  /** Of the loss, with respect to the weights. */
  readonly gradient: Float64Array;
  /** Second derivatives of the loss with respect to the scores. */
  readonly curvatures: Float64Array;
  objective: number;
  readonly #scores: Float64Array;
  readonly #slopes: Float64Array;
  #intercept: number;

  constructor(
    readonly problem: LogisticProblem,
    readonly penalty: Penalty,
  ) {
    const { n, d } = problem;
    this.weights = new Float64Array(d);
    this.gradient = new Float64Array(d);
    this.curvatures = new Float64Array(n);
    this.#scores = new Float64Array(n);
    this.#slopes = new Float64Array(n);
    this.#intercept = bestIntercept(problem, this.#scores, 0);
    this.objective = logisticLoss(problem, this.#scores, this.#intercept);
  }

  get solution(): Pick<LogisticFit, "weights" | "intercept" | "objective"> {
    return { weights: this.weights, intercept: this.#intercept, objective: this.objective };
  }

  get violation(): number {
    return this.penalty.violation(this.weights, this.gradient);
  }

  /** Brings the derivatives up to date. @returns the relative duality gap here */
  differentiate(): number {
    const { problem, penalty, gradient } = this;
    logisticDerivatives(problem, this.#scores, this.#intercept, this.#slopes, this.curvatures);
    balanceSlopes(this.#slopes);
    weightGradient(problem, this.#slopes, gradient);
    return (this.objective - dualObjective(problem, penalty, this.#slopes, gradient)) / this.objective;
  }

  /** Goes along a step as far as the objective falls by enough (Armijo). @returns whether it moved at all */
  search(step: Float64Array): boolean {
    const { problem, penalty, weights, gradient } = this;
    const change = new Float64Array(problem.n);
    scoresOf(problem, step, change);
    const along = (length: number): Float64Array => weights.map((w, j) => w + length * (step[j] as number));
    const slope = step.reduce((sum, move, j) => sum + move * (gradient[j] as number), 0);
    const promised = Math.min(0, slope + penalty.value(along(1)) - penalty.value(weights));
    for (let length = 1; length > 1e-6; length /= 2) {
      const nextWeights = along(length);
      const nextScores = this.#scores.map((score, i) => score + length * (change[i] as number));
      const intercept = bestIntercept(problem, nextScores, this.#intercept);
      const next = logisticLoss(problem, nextScores, intercept) + penalty.value(nextWeights);
      // Near the optimum gains drown in rounding while the gap still shrinks.
      if (next > this.objective + 1e-4 * length * promised + 1e-14 * this.objective) continue;
      this.weights.set(nextWeights);
      this.#scores.set(nextScores);
      this.#intercept = intercept;
      this.objective = next;
      return true;
    }
    return false;
  }
}

/** The quadratic model around a point. Its Hessian is the dear part and is kept while steps with it gain well. */
class LocalModel {
  #curvature:
    { readonly columns: Int32Array; readonly hessian: Float64Array; readonly coarse: boolean } | undefined;
  #lastObjective = Infinity;
  #lastViolation = Infinity;
  /** Whether the Hessian was computed at the point of the last step, from all rows. */
  isFresh = false;

  constructor(
    readonly point: Point,
    readonly gram: Gram,
  ) {}

  discard(): void {
    this.#curvature = undefined;
  }

  /** The step to the minimum of model plus penalty. */
  async step(gap: number): Promise<Float64Array> {
    const { weights, gradient, penalty, violation } = this.point;
    const { columns, hessian } = await this.#current(violation);
    const pick = (values: Float64Array): Float64Array =>
      Float64Array.from(columns, (j) => values[j] as number);
    const target = penalty.minimise(
      { centre: pick(weights), gradient: pick(gradient), hessian },
      Math.max(violation * (gap > 0.05 ? 0.15 : 0.03), 1e-12),
    );
    const step = new Float64Array(weights.length);
    columns.forEach((j, at) => {
      step[j] = (target[at] as number) - (weights[j] as number);
    });
    return step;
  }

  async #current(violation: number): Promise<{ columns: Int32Array; hessian: Float64Array }> {
    const { problem, penalty, weights, gradient, curvatures, objective } = this.point;
    const wanted = penalty.workingSet(weights, gradient);
    const known = this.#curvature;
    const stale =
      known === undefined ||
      known.coarse ||
      violation > GOOD_STEP * this.#lastViolation ||
      !isSubset(wanted, known.columns);
    const far = this.#lastObjective - objective > FAR_GAIN * objective;
    this.#lastObjective = objective;
    this.#lastViolation = violation;
    if (!stale) {
      this.isFresh = false;
      return known;
    }
    const coarse = far && problem.n >= COARSE * 1.5 * problem.d;
    const hessian = await this.gram(problem, curvatures, wanted, coarse ? COARSE : 1);
    this.#curvature = { columns: wanted, hessian, coarse };
    this.isFresh = !coarse;
    return this.#curvature;
  }
}

function isSubset(columns: Int32Array, of: Int32Array): boolean {
  const known = new Set(of);
  return columns.every((column) => known.has(column));
}
