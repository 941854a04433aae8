import type { Edits } from "./edits";

/** One step of undo: both closures set the list to what it was on that side of the step. */
export interface Step {
  readonly undo: () => void;
  readonly redo: () => void;
}

/**
 * The edits of an open document: those committed, those on the disk, and those of a gesture that is still going
 * on. Steps hold snapshots, so undoing is exact whatever happened in between.
 */
export class EditState {
  #committed: Edits;
  #saved: Edits;
  #gesture: Edits | undefined;
  readonly #onChange: () => void;

  /**
   * @param saved the edits on the disk.
   * @param onChange called after everything that changes {@link shown}, except {@link preview}.
   */
  constructor(saved: Edits, onChange: () => void) {
    this.#committed = saved;
    this.#saved = saved;
    this.#onChange = onChange;
  }

  /** What undo, save and backup know. */
  get committed(): Edits {
    return this.#committed;
  }

  /** What the picture shows: the gesture where there is one. */
  get shown(): Edits {
    return this.#gesture ?? this.#committed;
  }

  /** Whether the committed edits differ from the ones on the disk. */
  get dirty(): boolean {
    return this.#committed !== this.#saved && !same(this.#committed, this.#saved);
  }

  /** Shows edits without remembering them: a slider that still moves. */
  preview(edits: Edits): void {
    this.#gesture = edits;
  }

  /** Ends a gesture without an edit. */
  cancel(): void {
    if (this.#gesture === undefined) return;
    this.#gesture = undefined;
    this.#onChange();
  }

  /** Makes edits the document's. Returns the step for the undo stack, or nothing where nothing changed. */
  commit(edits: Edits): Step | undefined {
    this.#gesture = undefined;
    const before = this.#committed;
    if (same(before, edits)) {
      this.#onChange();
      return undefined;
    }
    this.#set(edits);
    return {
      undo: () => {
        this.#set(before);
      },
      redo: () => {
        this.#set(edits);
      },
    };
  }

  /** The disk now holds these edits. */
  markSaved(edits: Edits): void {
    this.#saved = edits;
  }

  /** Takes over edits that are on the disk. */
  revert(saved: Edits): void {
    this.#saved = saved;
    this.#set(saved);
  }

  #set(edits: Edits): void {
    this.#gesture = undefined;
    this.#committed = edits;
    this.#onChange();
  }
}

/** Equal in everything a person can set; the vectors of one SHA-256 are equal. */
function same(a: Edits, b: Edits): boolean {
  return a.length === b.length && a.every((edit, index) => fingerprint(edit) === fingerprint(b[index]));
}

function fingerprint(edit: Edits[number] | undefined): string {
  if (edit === undefined) return "";
  const { direction, ...rest } = edit;
  return JSON.stringify([direction.sha256, rest]);
}
