import { solvePositiveDefinite } from "./cholesky";
import { minimiseWithL1, type QuadraticModel } from "./quadraticModel";

/** What keeps the coefficients small: |w|_1 or |w|_2^2 / 2. The intercept is never penalised. */
export type PenaltyName = "l1" | "l2";

/** The part of the fit that depends on the penalty. `gradient` is always that of the loss alone. */
export interface Penalty {
  readonly name: PenaltyName;
  value(weights: Float64Array): number;
  /** The largest component of the smallest subgradient of the objective: 0 exactly at the optimum. */
  violation(weights: Float64Array, gradient: Float64Array): number;
  /**
   * Columns the next step may change. The others stay at zero for this step only: every step looks at all columns
   * again, so leaving some out changes the time and never the optimum.
   */
  workingSet(weights: Float64Array, gradient: Float64Array): Int32Array;
  /** Minimiser of the quadratic model plus the penalty. */
  minimise(model: QuadraticModel, tolerance: number): Float64Array;
  /**
   * The penalty's share of the dual objective where the loss's gradient is `gradient`, and the factor by which the dual
   * point must be shrunk to be feasible.
   */
  dual(gradient: Float64Array): { value: number; shrink: number };
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

const l1: Penalty = {
  name: "l1",
  value: (weights) => weights.reduce((sum, w) => sum + Math.abs(w), 0),
  violation: (weights, gradient) =>
    weights.reduce((most, w, j) => {
      const g = gradient[j] as number;
      return Math.max(most, w !== 0 ? Math.abs(g + Math.sign(w)) : Math.abs(g) - 1);
    }, 0),
  workingSet: (weights, gradient) => {
    const columns: number[] = [];
    weights.forEach((w, j) => {
      if (w !== 0 || Math.abs(gradient[j] as number) > 0.95) columns.push(j);
    });
    return Int32Array.from(columns);
  },
  minimise: (model, tolerance) => minimiseWithL1(model, 1, tolerance, 4000),
  dual: (gradient) => ({ value: 0, shrink: Math.min(1, 1 / largest(gradient)) }),
};

const l2: Penalty = {
  name: "l2",
  value: (weights) => weights.reduce((sum, w) => sum + w * w, 0) / 2,
  violation: (weights, gradient) =>
    weights.reduce((most, w, j) => Math.max(most, Math.abs(w + (gradient[j] as number))), 0),
  workingSet: (weights) => Int32Array.from(weights, (_, j) => j),
  minimise: ({ centre, gradient, hessian }) => {
    const k = centre.length;
    const matrix = Float64Array.from(hessian);
    for (let j = 0; j < k; j++) matrix[j * k + j] = (matrix[j * k + j] as number) + 1;
    const step = solvePositiveDefinite(
      matrix,
      centre.map((w, j) => -(w + (gradient[j] as number))),
    );
    return centre.map((w, j) => w + (step[j] as number));
  },
  dual: (gradient) => ({ value: -gradient.reduce((sum, g) => sum + g * g, 0) / 2, shrink: 1 }),
};

export const PENALTIES: Readonly<Record<PenaltyName, Penalty>> = { l1, l2 };
