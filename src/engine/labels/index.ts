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
export { labelSeeds, type LabelSet } from "./labelSeeds";
export { labelSetPaths, readLabelSet, seedsOf, type LabelSetPaths } from "./labelSetFile";
export type { FaceSource, Scorer } from "./scorer";
