/** How long the disk has to be quiet before files are read again. */
const QUIET_MILLISECONDS = 300;

/** Many changes at a time are told once: when they are over. */
export class Quiet {
  readonly #then: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(then: () => void) {
    this.#then = then;
  }

  /** Something has changed; what comes soon after it waits with it. */
  readonly soon = (): void => {
    this.dispose();
    this.#timer = setTimeout(this.#then, QUIET_MILLISECONDS);
  };

  /** Tells nothing more of what has changed. */
  dispose(): void {
    clearTimeout(this.#timer);
  }
}
