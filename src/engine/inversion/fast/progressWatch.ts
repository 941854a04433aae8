/** The loss is flat where so many steps ... */
const PATIENCE = 8;
/** ... have brought it down by no more than this share. */
const FLAT = 0.005;

/** Notices that a loss, which never rises, hardly falls any more. */
export class ProgressWatch {
  readonly #past: number[];

  /** @param past losses that were seen before, as {@link past} gave them */
  constructor(past: readonly number[] = []) {
    this.#past = [...past];
  }

  /** The losses that count, the oldest first. */
  get past(): readonly number[] {
    return [...this.#past];
  }

  /** @returns whether the loss is flat */
  isFlat(loss: number): boolean {
    this.#past.push(loss);
    if (this.#past.length <= PATIENCE) return false;
    const then = this.#past.shift() ?? Infinity;
    return loss > (1 - FLAT) * then;
  }
}
