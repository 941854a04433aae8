import type { CheckpointState, CheckpointStore } from "../../src/engine/inversion";

/** Holds every state that is offered, and gives back a chosen one. */
export class MemoryCheckpoint implements CheckpointStore {
  readonly states: CheckpointState[] = [];
  isCleared = false;

  constructor(readonly first?: CheckpointState) {}

  load(): Promise<CheckpointState | undefined> {
    return Promise.resolve(this.first);
  }
  offer(state: () => CheckpointState): Promise<void> {
    return this.keep(state());
  }
  keep({ facts, arrays }: CheckpointState): Promise<void> {
    this.states.push({ facts, arrays: new Map([...arrays].map(([name, data]) => [name, data.slice()])) });
    return Promise.resolve();
  }
  clear(): Promise<void> {
    this.isCleared = true;
    return Promise.resolve();
  }
}
