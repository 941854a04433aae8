export { CheckpointFile } from "./checkpointFile";
export { isCount, isCourse, isLossParts } from "./facts";
export { LenientCheckpoint } from "./lenientCheckpoint";
export type { CheckpointState, CheckpointStore } from "./state";
