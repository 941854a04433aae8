export { CheckpointFile } from "./checkpointFile";
export { isCourse, isLossParts } from "./facts";
export { LenientCheckpoint } from "./lenientCheckpoint";
export type { CheckpointState, CheckpointStore } from "./state";
