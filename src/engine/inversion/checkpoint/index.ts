export { CheckpointFile } from "./checkpointFile";
export { isCourse, isLossParts } from "./facts";
export type { CheckpointState, CheckpointStore } from "./state";
