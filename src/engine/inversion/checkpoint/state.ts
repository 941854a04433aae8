/** What long work needs to go on: small facts as JSON, and its arrays. */
export interface CheckpointState {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly arrays: ReadonlyMap<string, Float32Array>;
  /** Arrays whose numbers float32 cannot hold; their names are none of the others'. */
  readonly doubles?: ReadonlyMap<string, Float64Array>;
}

/** Where the state of one piece of work, such as an inversion, is kept. */
export interface CheckpointStore {
  /** What an earlier run kept, where it was of the same work. */
  load(): Promise<CheckpointState | undefined>;
  /** Keeps the state if it is time again; `state` is asked only then. */
  offer(state: () => CheckpointState): Promise<void>;
  /** Keeps the state now, such as when the work is stopped. */
  keep(state: CheckpointState): Promise<void>;
  /** The work is done: nothing to go on with. */
  clear(): Promise<void>;
}
