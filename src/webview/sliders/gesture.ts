/** What a slider reports: every movement, and once the value that the gesture ended on. */
export interface GestureEvents {
  readonly live: (amount: number, at: number) => void;
  readonly commit: (amount: number, at: number) => void;
  readonly cancel: () => void;
}

/**
 * Turns the events of a range input into gestures: one from press to release of the pointer, or from the first
 * press of an arrow key to the release of the last. Movements are reported at most once per animation frame,
 * with the latest value. Escape gives the gesture up.
 */
export class SliderGesture {
  readonly #input: HTMLInputElement;
  readonly #events: GestureEvents;
  #startedAt: number | undefined;
  #movedAt = 0;
  #frame: number | undefined;
  #byKeyboard = false;

  constructor(input: HTMLInputElement, events: GestureEvents) {
    this.#input = input;
    this.#events = events;
    let before = input.valueAsNumber;
    const remember = (): void => {
      if (!this.active) before = input.valueAsNumber;
    };
    input.addEventListener("pointerdown", remember);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        this.#giveUp(before);
        return;
      }
      remember();
      this.#byKeyboard = true;
    });
    input.addEventListener("input", () => {
      this.#move(before);
    });
    input.addEventListener("change", () => {
      // Each repeat of an arrow key is a change of its own: the gesture goes on until the key is up.
      if (!this.#byKeyboard) this.#end();
    });
    for (const end of ["keyup", "blur"]) {
      input.addEventListener(end, () => {
        this.#byKeyboard = false;
        this.#end();
      });
    }
  }

  /** Whether a gesture goes on: meanwhile nobody else may move the slider. */
  get active(): boolean {
    return this.#startedAt !== undefined;
  }

  #move(before: number): void {
    this.#startedAt ??= before;
    this.#movedAt = Date.now();
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#events.live(this.#input.valueAsNumber, this.#movedAt);
    });
  }

  #end(): void {
    if (!this.active) return;
    this.#stop();
    this.#events.commit(this.#input.valueAsNumber, this.#movedAt);
  }

  #giveUp(before: number): void {
    if (!this.active) return;
    this.#stop();
    this.#input.valueAsNumber = before;
    this.#events.cancel();
  }

  #stop(): void {
    this.#startedAt = undefined;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }
}
