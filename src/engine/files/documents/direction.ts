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

/** What was done to a fitted boundary so that other attributes stay where they are. */
export interface ConditioningRecord {
  readonly method: "projection" | "covariance";
  /** Attributes whose scores it was freed of. */
  readonly on: readonly string[];
  /** Cosine of the angle between the fitted boundary's normal and the vector. */
  readonly cosine?: number;
}

/** What an edit was seen to do to faces that took no part in the fit. */
export interface EffectRecord {
  /** The edit, in sigma. */
  readonly amount: number;
  readonly faces: number;
  /** Share of the faces whose score of the attribute moved the right way. */
  readonly right: number;
  /** Mean change of each attribute's score, in its standard deviations over the label set. */
  readonly change: Readonly<Record<string, number>>;
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
  /** Where it is there, solver, accuracy and auc are those of the boundary before. */
  readonly conditioning?: ConditioningRecord;
  readonly effect?: EffectRecord;
  /** Unit length. */
  readonly vector: readonly number[] | Rows;
}
