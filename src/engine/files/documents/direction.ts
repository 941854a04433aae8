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
  readonly method: "projection" | "gradient" | "covariance";
  /** Attributes whose scores it was freed of. */
  readonly on: readonly string[];
  /** Of these, those that were only held back, so that the direction keeps its strength. */
  readonly softly?: readonly string[];
  /** Cosine of the angle between the fitted boundary's normal and the vector. */
  readonly cosine?: number;
  readonly leaks?: LeakRecord;
}

/** Changes of attributes' scores by attribute, in standard deviations over the label set. */
export type Changes = Readonly<Record<string, number>>;

/**
 * How far each other attribute moves on re-scored faces while the direction's own score rises by one standard deviation:
 * of the direction before, of the one in this document, and of what each way of conditioning gave.
 */
export interface LeakRecord {
  readonly faces: number;
  /** By how many deviations the own score rose, where one of the directions did not reach a whole one. */
  readonly rise?: number;
  readonly before: Changes;
  readonly after: Changes;
  readonly projection?: Changes;
  readonly gradient?: Changes;
}

/** What an edit was seen to do to faces that took no part in the fit. */
export interface EffectRecord {
  /** The edit, in sigma. */
  readonly amount: number;
  readonly faces: number;
  /** Share of the faces whose score of the attribute moved the right way. */
  readonly right: number;
  /** Mean change of each attribute's score, in its standard deviations over the label set. */
  readonly change: Changes;
}

/** What the effect's edit was seen to do on one layer alone. */
export interface LayerEffect {
  readonly layer: number;
  /** Mean change of the attribute's own score, in its standard deviations. */
  readonly own: number;
  /** Root mean square of the other scores' mean changes, in their standard deviations. */
  readonly others: number;
}

/** A fit on fewer faces, judged on the same held-out ones. */
export interface LearningPoint {
  readonly train: number;
  readonly accuracy: number;
  readonly balanced?: number;
  readonly auc: number;
}

/** Scores counted in equal bins from `low` to `high`. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

/** RFM's own way of judging: L1 with C = 1 on the first faces; its accuracy on those very faces, and on all the rest. */
export interface ProtocolRecord {
  readonly train: number;
  readonly accuracy: { readonly train: number; readonly rest?: number };
}

/** Where a direction was found without labels. */
export interface DiscoveryRecord {
  readonly method: "sefa" | "pca";
  /** From 0, by falling eigenvalue. */
  readonly component: number;
  /** Of the generator's weights that were decomposed (SeFa). */
  readonly layers?: LayerRange;
  readonly value?: number;
  /** The eigenvalue's share of the sum of all. */
  readonly share?: number;
  /** Codes that were analysed (PCA). */
  readonly samples?: number;
  /** What it mostly changes, as the scorers saw it. */
  readonly description?: string;
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
  readonly samples?: {
    readonly train: number;
    readonly positive: number;
    readonly test: number;
    /** Faces next to the threshold that took no part. */
    readonly dropped?: number;
  };
  readonly accuracy?: AccuracyRecord;
  /** Area under the ROC curve on held-out faces. */
  readonly auc?: number;
  /** 95% bootstrap interval of `auc`. */
  readonly aucInterval?: readonly [low: number, high: number];
  /** On held-out faces, where a continuous score was fitted instead of two classes. */
  readonly regression?: { readonly r2: number; readonly pearson: number };
  readonly coefficients?: { readonly nonZero: number; readonly of: number };
  readonly learningCurve?: readonly LearningPoint[];
  /** On held-out faces, from [0,0] to [1,1]. */
  readonly roc?: readonly (readonly [falsePositive: number, truePositive: number])[];
  /** Of the label set's scores of the attribute. */
  readonly histogram?: Histogram;
  readonly protocol?: ProtocolRecord;
  /** Where it is there, solver, accuracy and auc are those of the boundary before. */
  readonly conditioning?: ConditioningRecord;
  readonly effect?: EffectRecord;
  /** By falling strength: which layers carry the attribute. */
  readonly layerEffects?: readonly LayerEffect[];
  readonly discovery?: DiscoveryRecord;
  /** Unit length. */
  readonly vector: readonly number[] | Rows;
}
