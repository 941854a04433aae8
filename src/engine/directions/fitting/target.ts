/** What one boundary shall tell apart, row by row of the codes that all targets share. */
export type Target =
  | {
      readonly kind: "classes";
      /** [n]: +1, -1, or 0 where the row takes no part. */
      readonly signs: Int8Array;
    }
  | {
      readonly kind: "values";
      /** [n] continuous scores; NaN where the row takes no part. */
      readonly values: Float64Array;
    };

/**
 * What keeps the coefficients small, and for classes the loss that goes with it. The intercept is never penalised.
 * `l1`: ||w||_1; `l2`: ||w||^2 / 2, both with the logistic loss; `svm`: ||w||^2 / 2 with the hinge loss.
 */
export type BoundaryPenalty = "l1" | "l2" | "svm";

/** One fitted boundary: the score of a code x is x.weights + intercept. */
export interface BoundaryFit {
  /** [d] */
  readonly weights: Float64Array;
  readonly intercept: number;
  readonly objective: number;
  /** Certified in float64: (objective - lower bound of the optimum) / objective. */
  readonly gap: number;
  readonly iterations: number;
}
