import type { Edits } from "./edits";
import { StepState } from "./stepState";

/** The edits of an open document. */
export class EditState extends StepState<Edits> {
  /** @param saved the edits on the disk. @param onChange see {@link StepState}. */
  constructor(saved: Edits, onChange: () => void) {
    super(saved, onChange, same);
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
