import type { DocumentHead, LayerRange, ModelReference, NamedReference, Rows, Space } from "./common";

/** How the fitted coefficients were found. */
export interface SolverRecord {
  readonly penalty: string;
  readonly C: number;
  /** "balanced", or null for equal weights. */
  readonly classWeight?: string | null;
  readonly iterations?: number;
  readonly objective?: number;
  /** Duality gap relative to the objective. */
  readonly gap?: number;
}

/** Shares of right answers, each in [0,1]. */
export interface AccuracyRecord {
  readonly train?: number;
  readonly test?: number;
  readonly balanced?: number;
  /** What always answering the commoner class would reach. */
  readonly majority?: number;
}

/** `NAME.direction.json`: a unit vector with its statistics. */
export interface DirectionDocument extends DocumentHead<"direction"> {
  readonly attribute: string;
  /** Under which heading the slider stands. */
  readonly group?: string;
  readonly model: ModelReference;
  readonly labelSet?: NamedReference;
  readonly space: Space;
  /** [columns], or [layers, columns] for one row per layer. */
  readonly shape: readonly number[];
  /** The fitted coefficients are vector * coefficientNorm. */
  readonly coefficientNorm?: number;
  readonly intercept?: number;
  /** Standard deviation of the label set along the vector: the unit of amounts. */
  readonly sigma?: number;
  /** Recommended for edits. */
  readonly layers: LayerRange;
  /** Scores at least this high were the positive class. */
  readonly threshold?: number;
  readonly solver?: SolverRecord;
  readonly samples?: { readonly train: number; readonly positive: number; readonly test: number };
  readonly accuracy?: AccuracyRecord;
  /** Area under the ROC curve on held-out faces. */
  readonly auc?: number;
  /** Unit length. */
  readonly vector: readonly number[] | Rows;
}
