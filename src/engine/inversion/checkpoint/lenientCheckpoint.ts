import { RfmError } from "../../files";
import type { CheckpointState, CheckpointStore } from "./state";

/** A checkpoint that is good to have but not worth failing for: where it cannot be written, the work goes on without. */
export class LenientCheckpoint implements CheckpointStore {
  #isWritable = true;

  constructor(private readonly store: CheckpointStore) {}

  load(): Promise<CheckpointState | undefined> {
    return this.store.load();
  }

  async offer(state: () => CheckpointState): Promise<void> {
    if (this.#isWritable) await this.#forgive(this.store.offer(state));
  }

  async keep(state: CheckpointState): Promise<void> {
    if (this.#isWritable) await this.#forgive(this.store.keep(state));
  }

  async clear(): Promise<void> {
    // What cannot be removed is no harm: a later run goes on from it, or takes it for nothing.
    await this.store.clear().catch(() => undefined);
  }

  async #forgive(writing: Promise<void>): Promise<void> {
    try {
      await writing;
    } catch (error) {
      if (!(error instanceof RfmError)) throw error;
      this.#isWritable = false;
    }
  }
}
