export { builtInScorer } from "./builtInScorer";
export {
  codesOfLabelSet,
  columnOf,
  type Column,
  type LabelledCodes,
  type ReadCodesOptions,
} from "./labelledCodes";
export { createLabelSet, type CreateLabelSetOptions } from "./createLabelSet";
export { DEFAULT_BATCH, labelBatches, type LabelledBatch, type LabellingOptions } from "./labelBatches";
export { facesDone } from "./facesDone";
export { mergeLabelSets, type MergedLabelSets, type MergeOptions } from "./mergeLabelSets";
export { openScorer, type OpenedScorer } from "./openScorer";
export { writeLabelSet, type WholeLabelSet } from "./writeLabelSet";
export { labelSeeds, type LabelSet } from "./labelSeeds";
export { labelSetPaths, readLabelSet, type LabelSetPaths, type StoredLabelSet } from "./labelSetFile";
export { asLabelledSeeds, seedsOf, type LabelledSeeds } from "./labelledSeeds";
export { scoreProblems, type ScoreProblem } from "./scoreProblems";
export type { FaceSource, Scorer, ScorerDerivatives } from "./scorer";
export { labelSetMisfit } from "./misfit";
