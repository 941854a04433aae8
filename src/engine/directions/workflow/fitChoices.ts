import type { DirectionDocument, LayerRange, RunBlock } from "../../files";
import type { Scorer } from "../../labels";
import type { Model } from "../../models";
import type { Runtime } from "../../runtime";

/** `l1`, `l2`: logistic regression; `svm`: hinge loss; `lasso`: the scores themselves by least squares with an l1 penalty. */
export type FitPenalty = "l1" | "l2" | "svm" | "lasso";

/** A number, or a quantile of the scores such as `q0.5`: scores from there on are positive. */
export type ThresholdChoice = number | string;

/** How directions are fitted; every choice has a default. */
export interface FitChoices {
  /** Names of the attributes; default all. */
  readonly attributes?: readonly string[];
  /** Default l1. */
  readonly penalty?: FitPenalty;
  /** Cost of a misfit against the penalty, as in scikit-learn; default 1. */
  readonly C?: number;
  /** `balanced` makes both classes weigh the same in total; default null. */
  readonly classWeight?: "balanced" | null;
  /** Of every attribute that `thresholds` does not name; default the attribute's own. */
  readonly threshold?: ThresholdChoice;
  /** By attribute. */
  readonly thresholds?: Readonly<Record<string, ThresholdChoice>>;
  /** Share of each class, next to the threshold, that is not trained on, in [0, 1); default 0. */
  readonly dropMiddle?: number;
  /** Faces to train on, the others test; default four fifths. */
  readonly train?: number;
  /** Of the split and the bootstrap; default 0. */
  readonly seed?: number;
  /** Recommended for edits; `measured` derives them from the layers' effects, where those are measured. Default 0:4. */
  readonly layers?: LayerRange | "measured";
  /** Whether to fit learning curves and by RFM's protocol, too: three to six more fits of each attribute. Default true. */
  readonly proof?: boolean;
  /** Missing: the directions' effects are not measured. */
  readonly measure?: MeasureChoices;
}

/** How effects are measured on fresh faces. */
export interface MeasureChoices {
  /** Faces that the edit is measured on; default 48. */
  readonly faces?: number;
  /** Faces that each single layer is measured on; default 12, 0 leaves the layers out. */
  readonly layerFaces?: number;
  /** Of the edit, in sigma; default 2. */
  readonly amount?: number;
  /** The first seed of the faces; default 1000000, far from label sets. */
  readonly seed?: number;
}

/** How far the work is. */
export interface FitProgress {
  /** `fit`: boundaries; `proof`: boundaries of learning curves and protocols; `measure`: faces drawn and scored. */
  readonly phase: "fit" | "proof" | "measure";
  readonly done: number;
  readonly total: number;
}

/** What the work is done with. */
export interface FitTools {
  /** Multiplies matrices; plain loops where it is missing. */
  readonly runtime?: Runtime;
  /** Draws faces to measure on; its layers bound those that are recommended. */
  readonly model?: Model;
  /** Scores them. Needed with `model` where effects are measured. */
  readonly scorer?: Scorer;
  readonly run: RunBlock;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: FitProgress) => void;
  /**
   * Called with each document once it is fitted, and once more when its effects are measured: what is kept then outlives an
   * interruption.
   */
  readonly onDocument?: (document: DirectionDocument) => Promise<void> | void;
}

/** An attribute without a direction, and why: one sentence without the attribute's name. */
export interface FitFailure {
  readonly attribute: string;
  readonly message: string;
}

export interface FittedDirections {
  /** In the order of the label set. */
  readonly documents: readonly DirectionDocument[];
  readonly failures: readonly FitFailure[];
  /** What people should know although the directions were fitted; a sentence each. */
  readonly warnings: readonly string[];
}
