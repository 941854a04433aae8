export { CheckpointFile } from "./checkpointFile";
export { isCount, isCourse, isLossParts, isSentences } from "./facts";
export { LenientCheckpoint } from "./lenientCheckpoint";
export type { CheckpointState, CheckpointStore } from "./state";
