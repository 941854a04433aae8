/** The loss is flat where so many steps ... */
const PATIENCE = 8;
/** ... have brought it down by no more than this share. */
const FLAT = 0.005;

/** Notices that a loss, which never rises, hardly falls any more. */
export class ProgressWatch {
  readonly #past: number[] = [];

  /** @returns whether the loss is flat */
  isFlat(loss: number): boolean {
    this.#past.push(loss);
    if (this.#past.length <= PATIENCE) return false;
    const then = this.#past.shift() ?? Infinity;
    return loss > (1 - FLAT) * then;
  }
}
