export { CancelledError, RfmError, throwIfCancelled, type ErrorCode } from "./errors";
export { fileFailure, systemCode, type FileAction } from "./failures";
export { writeFileAtomically } from "./atomic";
export { makeFolder } from "./folder";
export { pathFrom, pathNamed } from "./pathFrom";
export { readFileBounded, sha256, sha256OfFile } from "./read";
export { withLock } from "./lock";
export { escape, Markup, markup, type Piece } from "./markup";
export { parseDocument, readDocument, serialiseDocument, writeDocument } from "./document";
export { schemaUri } from "./schemas";
export {
  documentSuffix,
  KIND_NAMES,
  type AnyDocument,
  type DocumentKind,
  type Documents,
} from "./documents/kinds";
export type {
  Edit,
  EditDirection,
  LayerRange,
  ModelReference,
  NamedReference,
  Point,
  Rows,
  RunBlock,
  Space,
} from "./documents/common";
export type {
  AcceptedBase,
  InversionRecord,
  LatentDocument,
  PhotoSource,
  ReconstructionMetrics,
  TunedRecord,
} from "./documents/latent";
export type {
  AccuracyRecord,
  Changes,
  ConditioningRecord,
  DirectionDocument,
  DiscoveryRecord,
  EffectRecord,
  Histogram,
  LayerEffect,
  LeakRecord,
  LearningPoint,
  ProtocolRecord,
  SolverRecord,
} from "./documents/direction";
export type { AttributeRecord, LabelsDocument, SeedRange, ShardRecord } from "./documents/labels";
export type { RecipeDocument } from "./documents/recipe";
