import type { HeatMapWords } from "./plots/heatMap";
import type { HistogramWords } from "./plots/histogram";
import type { LayerWords } from "./plots/layerBars";
import type { LeakWords } from "./plots/leaks";
import type { LearningCurveWords } from "./plots/learningCurve";
import type { RocWords } from "./plots/roc";

/** What facts about a direction are called. */
export interface FactWords {
  readonly attribute: string;
  readonly auc: string;
  readonly accuracy: string;
  readonly balanced: string;
  readonly majority: string;
  readonly trainAccuracy: string;
  readonly positives: string;
  readonly trainTest: string;
  readonly dropped: string;
  readonly nonZero: string;
  readonly protocol: string;
  readonly protocolRest: string;
  readonly regression: string;
  readonly solver: string;
  readonly threshold: string;
  readonly sigma: string;
  readonly layers: string;
  readonly effect: string;
  readonly conditioned: string;
  readonly discovered: string;
  readonly effectOf: (amount: string, right: string, faces: number, change: string) => string;
  readonly conditionedOn: (method: "projection" | "gradient" | "covariance", on: string) => string;
  readonly component: (method: string, number: number, share: string) => string;
}

/** Every word of a report, in the person's language. */
export interface ReportWords {
  readonly quality: string;
  /** How the held-out figures and RFM's own differ. */
  readonly honest: string;
  /** Whose figures a conditioned direction shows. */
  readonly conditionedFigures: string;
  readonly numbers: string;
  readonly model: string;
  readonly labelSet: string;
  readonly attribute: (name: string) => string;
  readonly facts: FactWords;
  readonly heatMap: HeatMapWords;
  readonly learningCurve: LearningCurveWords;
  readonly roc: RocWords;
  readonly histogram: HistogramWords;
  readonly layers: LayerWords;
  readonly leaks: LeakWords;
}
