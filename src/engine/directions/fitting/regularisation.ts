/** The part of a fit that depends on the penalty. `gradient` is always that of the loss alone. */
export interface Penalty {
  value(weights: Float64Array): number;
  /** The largest component of the smallest subgradient of the objective: 0 exactly at the optimum. */
  violation(weights: Float64Array, gradient: Float64Array): number;
  /**
   * The penalty's share of the dual objective where the loss's gradient is `gradient`, and the factor by which the dual
   * point must be shrunk to be feasible.
   */
  dual(gradient: Float64Array): { value: number; shrink: number };
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** ||w||_1 */
export const LASSO: Penalty = {
  value: (weights) => weights.reduce((sum, w) => sum + Math.abs(w), 0),
  violation: (weights, gradient) =>
    weights.reduce((most, w, j) => {
      const g = gradient[j] as number;
      return Math.max(most, w !== 0 ? Math.abs(g + Math.sign(w)) : Math.abs(g) - 1);
    }, 0),
  dual: (gradient) => ({ value: 0, shrink: Math.min(1, 1 / largest(gradient)) }),
};

/** ||w||^2 / 2 */
export const RIDGE: Penalty = {
  value: (weights) => weights.reduce((sum, w) => sum + w * w, 0) / 2,
  violation: (weights, gradient) =>
    weights.reduce((most, w, j) => Math.max(most, Math.abs(w + (gradient[j] as number))), 0),
  dual: (gradient) => ({ value: -gradient.reduce((sum, g) => sum + g * g, 0) / 2, shrink: 1 }),
};
