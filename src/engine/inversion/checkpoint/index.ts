export { CheckpointFile } from "./checkpointFile";
export type { CheckpointState, CheckpointStore } from "./state";
