/** One step of undo: both closures set the value to what it was on that side of the step. */
export interface Step {
  readonly undo: () => void;
  readonly redo: () => void;
}

/**
 * Something of an open document that a person sets: what is committed, what is on the disk, and what a gesture that is
 * still going on shows. Steps hold snapshots, so undoing is exact whatever happened in between.
 */
export class StepState<Value> {
  #committed: Value;
  #saved: Value;
  #gesture: { readonly value: Value } | undefined;
  readonly #onChange: () => void;
  readonly #same: (a: Value, b: Value) => boolean;

  /**
   * @param saved what is on the disk.
   * @param onChange called after everything that changes {@link shown}, except {@link preview}.
   * @param same whether two values are equal to a person.
   */
  constructor(saved: Value, onChange: () => void, same: (a: Value, b: Value) => boolean) {
    this.#committed = saved;
    this.#saved = saved;
    this.#onChange = onChange;
    this.#same = same;
  }

  /** What undo, save and backup know. */
  get committed(): Value {
    return this.#committed;
  }

  /** What the picture shows: the gesture where there is one. */
  get shown(): Value {
    return this.#gesture === undefined ? this.#committed : this.#gesture.value;
  }

  /** Whether what is committed differs from what is on the disk. */
  get dirty(): boolean {
    return this.#committed !== this.#saved && !this.#same(this.#committed, this.#saved);
  }

  /** Shows a value without remembering it: a slider that still moves. */
  preview(value: Value): void {
    this.#gesture = { value };
  }

  /** Ends a gesture without a step. */
  cancel(): void {
    if (this.#gesture === undefined) return;
    this.#gesture = undefined;
    this.#onChange();
  }

  /** Makes a value the document's. Returns the step for the undo stack, or nothing where nothing changed. */
  commit(value: Value): Step | undefined {
    this.#gesture = undefined;
    const before = this.#committed;
    if (this.#same(before, value)) {
      this.#onChange();
      return undefined;
    }
    this.#set(value);
    return {
      undo: () => {
        this.#set(before);
      },
      redo: () => {
        this.#set(value);
      },
    };
  }

  /** The disk now holds this value. */
  markSaved(value: Value): void {
    this.#saved = value;
  }

  /** Takes over what is on the disk. */
  revert(saved: Value): void {
    this.#saved = saved;
    this.#set(saved);
  }

  #set(value: Value): void {
    this.#gesture = undefined;
    this.#committed = value;
    this.#onChange();
  }
}
