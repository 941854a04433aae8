import * as vscode from "vscode";
import type { LayerRange, TunedRecord } from "../../engine/files";
import type { Look } from "../../protocol/engine";
import type { SliderDirection } from "../sliders/rows";
import { findEdit, withAmount, withLayers, withMuted, without, type Choice, type Edits } from "./edits";
import { EditState } from "./editState";
import { LikenessState, withLikeness } from "./likeness";
import type { Step } from "./stepState";

/** What there is to edit while a document is open. */
export interface Editable {
  readonly directions: readonly SliderDirection[];
  /** Rows of the model's codes. */
  readonly layers: number;
}

/**
 * What a person sets on a face: amounts of directions and the likeness, as gestures that are only looked at and as steps of
 * undo. It draws and writes nothing. Times are `Date.now()` of the movement.
 */
export class FaceEditing implements vscode.Disposable {
  readonly #editable: () => Editable | undefined;
  readonly #changed = new vscode.EventEmitter<number | undefined>();
  readonly #previewed = new vscode.EventEmitter<number>();
  readonly #edited = new vscode.EventEmitter<Step & { readonly label: string }>();
  readonly #state: EditState;
  readonly #likeness: LikenessState;
  /** When the slider movement that is being committed was made. */
  #movedAt: number | undefined;

  /** Something else is set; with the time of the movement that did it, where it was one. */
  readonly onDidChange = this.#changed.event;
  /** A gesture goes on: there is something else to look at, but nothing to remember. */
  readonly onDidPreview = this.#previewed.event;
  /** A step for the undo stack. */
  readonly onDidEdit = this.#edited.event;

  /** @param editable what there is to edit now; nothing while the document is not open */
  constructor(editable: () => Editable | undefined) {
    this.#editable = editable;
    const changed = (): void => {
      const since = this.#movedAt;
      this.#movedAt = undefined;
      this.#changed.fire(since);
    };
    this.#state = new EditState([], changed);
    this.#likeness = new LikenessState(changed);
  }

  /** Everything that the picture shows. */
  get look(): Look {
    return { edits: this.#state.shown, tuned: this.#likeness.shown };
  }

  /** The edits that the picture shows. */
  get edits(): Edits {
    return this.#state.shown;
  }

  /** How far the generator is tuned to the face; undefined: it was never matched. */
  get tuned(): TunedRecord | undefined {
    return this.#likeness.shown;
  }

  // ------------------------------------------------------------ what a person does

  /** A slider moves. */
  preview(directionId: string, amount: number, since: number): void {
    const choice = this.#choice(directionId);
    if (choice === undefined) return;
    this.#state.preview(withAmount(this.#state.committed, choice, amount));
    this.#previewed.fire(since);
  }

  /** The likeness slider moves. */
  previewLikeness(amount: number, since: number): void {
    const tuned = this.#likeness.committed;
    if (tuned === undefined) return;
    this.#likeness.preview(withLikeness(tuned, amount));
    this.#previewed.fire(since);
  }

  /** A slider gesture was given up. */
  cancelPreview(): void {
    this.#state.cancel();
    this.#likeness.cancel();
  }

  setLikeness(amount: number, since?: number): void {
    const tuned = this.#likeness.committed;
    if (tuned === undefined) return;
    this.setTuned(vscode.l10n.t("Likeness: {0}", amount.toFixed(2)), withLikeness(tuned, amount), since);
  }

  /** Draws with a generator tuned to the face. @param label of the step of undo */
  setTuned(label: string, tuned: TunedRecord, since?: number): void {
    this.#step(label, since, () => this.#likeness.commit(tuned));
  }

  setAmount(directionId: string, amount: number, since?: number): void {
    const choice = this.#choice(directionId);
    if (choice === undefined) return;
    const label = vscode.l10n.t("{0}: {1}", choice.direction.name, amount.toFixed(2));
    this.#commit(label, withAmount(this.#state.committed, choice, amount), since);
  }

  setLayers(directionId: string, layers: LayerRange): void {
    const choice = this.#choice(directionId);
    const most = this.#editable()?.layers;
    if (choice === undefined || most === undefined || layers[1] > most) return;
    const label = vscode.l10n.t("Layers of {0}: {1}–{2}", choice.direction.name, layers[0], layers[1]);
    this.#commit(label, withLayers(this.#state.committed, choice, layers));
  }

  setMuted(directionId: string, muted: boolean): void {
    const name = this.#nameOf(directionId);
    const label = muted ? vscode.l10n.t("Mute {0}", name) : vscode.l10n.t("Unmute {0}", name);
    this.#commit(label, withMuted(this.#state.committed, directionId, muted));
  }

  remove(directionId: string): void {
    const label = vscode.l10n.t("Remove {0}", this.#nameOf(directionId));
    this.#commit(label, without(this.#state.committed, directionId));
  }

  /** Puts other edits in the place of all that there are, as one step. @param label of the step of undo */
  replaceAll(label: string, edits: Edits): void {
    this.#commit(label, edits);
  }

  resetAll(): void {
    this.#commit(vscode.l10n.t("Reset all amounts"), []);
  }

  // ------------------------------------------------------------ what the disk holds

  /** What undo, save and backup know. */
  get committed(): Look {
    return { edits: this.#state.committed, tuned: this.#likeness.committed };
  }

  /** Whether what is committed differs from what is on the disk. */
  get dirty(): boolean {
    return this.#state.dirty || this.#likeness.dirty;
  }

  /** The disk now holds this. */
  markSaved({ edits, tuned }: Look): void {
    this.#state.markSaved(edits);
    this.#likeness.markSaved(tuned);
  }

  /** Takes over what is on the disk. */
  revert({ edits, tuned }: Look): void {
    this.#state.revert(edits);
    this.#likeness.revert(tuned);
  }

  /** Takes over what hot exit has kept: it is not on the disk, and VS Code knows that. */
  restore({ edits, tuned }: Look): void {
    this.#state.commit(edits);
    this.#likeness.commit(tuned);
  }

  dispose(): void {
    vscode.Disposable.from(this.#changed, this.#previewed, this.#edited).dispose();
  }

  #commit(label: string, edits: Edits, since?: number): void {
    this.#step(label, since, () => this.#state.commit(edits));
  }

  #step(label: string, since: number | undefined, commit: () => Step | undefined): void {
    if (this.#editable() === undefined) return;
    this.#movedAt = since;
    const step = commit();
    if (step !== undefined) this.#edited.fire({ ...step, label });
  }

  #choice(directionId: string): Choice | undefined {
    const editable = this.#editable();
    if (editable === undefined) return undefined;
    const known = editable.directions.find(({ direction }) => direction.sha256 === directionId);
    return known ?? findEdit(this.#state.committed, directionId);
  }

  #nameOf(directionId: string): string {
    return findEdit(this.#state.committed, directionId)?.direction.name ?? "";
  }
}
