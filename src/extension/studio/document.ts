import { basename } from "node:path";
import * as vscode from "vscode";
import type { LayerRange, TunedRecord } from "../../engine/files";
import type { Look, OpenedLatent } from "../../protocol/engine";
import { isEngineGone, sentence } from "../engine/failure";
import { writeBackup, type Backup } from "./backup";
import type { Content, Frame } from "./content";
import { findEdit, withAmount, withLayers, withMuted, without, type Choice, type Edits } from "./edits";
import { EditState } from "./editState";
import { Latest } from "./latest";
import { LikenessState, withLikeness } from "./likeness";
import { allDirections, nearDirections, openSession, type Surroundings } from "./session";
import type { Step } from "./stepState";
import { readDocumentText, watchDirections, watchDocument } from "./disk";

interface FrameRequest {
  readonly look: Look;
  readonly since: number | undefined;
}

/**
 * A latent in the Studio: the text on the disk, the edits on top, and a session of the engine that draws them.
 * It owns all the state; panels and the side panel only show it.
 */
export class StudioDocument implements vscode.CustomDocument {
  readonly #surroundings: Surroundings;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #framed = new vscode.EventEmitter<Frame>();
  readonly #edited = new vscode.EventEmitter<Step & { readonly label: string }>();
  readonly #frames: Latest<FrameRequest, Frame>;
  readonly #subscriptions: vscode.Disposable[];
  #content: Content = { phase: "opening" };
  readonly #state: EditState;
  readonly #likeness: LikenessState;
  #text = "";
  /** What hot exit has kept, until it is taken over. */
  #backup: Backup | undefined;
  /** Whether text and edits are those of the document: it has been open at least once. */
  #loaded = false;
  #frame: Frame | undefined;
  /** When the slider movement that is being committed was made. */
  #movedAt: number | undefined;
  /** Opening, saving and reverting take turns. */
  #turn: Promise<void> = Promise.resolve();

  /** What there is to show has changed. */
  readonly onDidChange = this.#changed.event;
  /** The edited face was drawn. */
  readonly onDidDraw = this.#framed.event;
  /** A step for the undo stack. */
  readonly onDidEdit = this.#edited.event;

  constructor(
    readonly uri: vscode.Uri,
    surroundings: Surroundings,
    backup?: Backup,
  ) {
    this.#surroundings = surroundings;
    this.#backup = backup;
    this.#state = new EditState([], () => {
      this.#editsChanged();
    });
    this.#likeness = new LikenessState(() => {
      this.#editsChanged();
    });
    this.#frames = new Latest(
      (request) => this.#draw(request),
      (frame) => {
        this.#frame = frame;
        this.#framed.fire(frame);
      },
      (error) => {
        this.#drawingFailed(error);
      },
    );
    this.#subscriptions = [
      surroundings.engine.onDidRestart(() => {
        void this.#reopen();
      }),
      surroundings.packs.onDidChange(() => {
        if (this.#content.phase === "failed") void this.#reopen();
      }),
      watchDirections(() => {
        void this.#findDirections();
      }),
      watchDocument(uri, {
        changed: () => {
          void this.#inTurn(() => this.#changedOnDisk());
        },
        deleted: () => {
          this.#setNotice(vscode.l10n.t("{0} was deleted; saving writes it again.", this.name));
        },
      }),
    ];
    void this.#inTurn(() => this.#open());
  }

  get name(): string {
    return basename(this.uri.fsPath);
  }

  get content(): Content {
    return this.#content;
  }

  /** The edits that the picture shows. */
  get edits(): Edits {
    return this.#state.shown;
  }

  /** How far the generator is tuned to the face; undefined: it was never matched. */
  get tuned(): TunedRecord | undefined {
    return this.#likeness.shown;
  }

  /** Everything that the picture shows. */
  get look(): Look {
    return { edits: this.#state.shown, tuned: this.#likeness.shown };
  }

  /** The newest picture of the edited face. */
  get frame(): Frame | undefined {
    return this.#frame;
  }

  // ------------------------------------------------------------ editing

  /** A slider moves: draw, remember nothing. */
  preview(directionId: string, amount: number, since: number): void {
    const choice = this.#choice(directionId);
    if (choice === undefined) return;
    this.#state.preview(withAmount(this.#state.committed, choice, amount));
    this.#frames.request({ look: this.look, since });
  }

  /** A slider gesture was given up. */
  cancelPreview(): void {
    this.#state.cancel();
    this.#likeness.cancel();
  }

  /** The likeness slider moves: draw, remember nothing. */
  previewLikeness(amount: number, since: number): void {
    const tuned = this.#likeness.committed;
    if (tuned === undefined) return;
    this.#likeness.preview(withLikeness(tuned, amount));
    this.#frames.request({ look: this.look, since });
  }

  setLikeness(amount: number, since?: number): void {
    const tuned = this.#likeness.committed;
    if (tuned === undefined) return;
    this.setTuned(vscode.l10n.t("Likeness: {0}", amount.toFixed(2)), withLikeness(tuned, amount), since);
  }

  /** Draws with a generator tuned to the face. @param label of the step of undo */
  setTuned(label: string, tuned: TunedRecord, since?: number): void {
    if (this.#content.phase !== "open") return;
    this.#movedAt = since;
    const step = this.#likeness.commit(tuned);
    if (step !== undefined) this.#edited.fire({ ...step, label });
  }

  setAmount(directionId: string, amount: number, since?: number): void {
    const choice = this.#choice(directionId);
    if (choice === undefined) return;
    const label = vscode.l10n.t("{0}: {1}", choice.direction.name, amount.toFixed(2));
    this.#commit(label, withAmount(this.#state.committed, choice, amount), since);
  }

  setLayers(directionId: string, layers: LayerRange): void {
    const choice = this.#choice(directionId);
    if (choice === undefined || this.#content.phase !== "open" || layers[1] > this.#content.opened.layers)
      return;
    const label = vscode.l10n.t("Layers of {0}: {1}–{2}", choice.direction.name, layers[0], layers[1]);
    this.#commit(label, withLayers(this.#state.committed, choice, layers));
  }

  setMuted(directionId: string, muted: boolean): void {
    const name = findEdit(this.#state.committed, directionId)?.direction.name ?? "";
    const label = muted ? vscode.l10n.t("Mute {0}", name) : vscode.l10n.t("Unmute {0}", name);
    this.#commit(label, withMuted(this.#state.committed, directionId, muted));
  }

  remove(directionId: string): void {
    const name = findEdit(this.#state.committed, directionId)?.direction.name ?? "";
    this.#commit(vscode.l10n.t("Remove {0}", name), without(this.#state.committed, directionId));
  }

  resetAll(): void {
    this.#commit(vscode.l10n.t("Reset all amounts"), []);
  }

  #commit(label: string, edits: Edits, since?: number): void {
    if (this.#content.phase !== "open") return;
    this.#movedAt = since;
    const step = this.#state.commit(edits);
    if (step !== undefined) this.#edited.fire({ ...step, label });
  }

  #choice(directionId: string): Choice | undefined {
    if (this.#content.phase !== "open") return undefined;
    const known = this.#content.directions.find(({ direction }) => direction.sha256 === directionId);
    return known ?? findEdit(this.#state.committed, directionId);
  }

  // ------------------------------------------------------------ disk

  /** Writes the edits into the document, here or, for Save As, elsewhere. */
  async save(target: vscode.Uri = this.uri): Promise<void> {
    await this.#inTurn(async () => {
      const here = target.toString() === this.uri.toString();
      if (this.#content.phase === "failed" && !here) {
        // There is nothing of ours to write: the copy is as the document is.
        await vscode.workspace.fs.copy(this.uri, target, { overwrite: true });
        return;
      }
      const edits = this.#state.committed;
      const tuned = this.#likeness.committed;
      const opened = await this.#liveSession();
      await this.#surroundings.engine.saveLatent(opened, { edits, tuned }, target.fsPath);
      if (!here) return;
      this.#text = await readDocumentText(this.uri);
      this.#state.markSaved(edits);
      this.#likeness.markSaved(tuned);
      this.#setNotice(opened.warning);
    });
  }

  /** Takes the document from the disk and drops the edits that are not saved. */
  async revert(): Promise<void> {
    await this.#inTurn(() => this.#open());
  }

  /** The bytes that hot exit keeps. */
  backup(): Uint8Array {
    const { committed: edits } = this.#state;
    return writeBackup(this.#backup ?? { text: this.#text, edits, tuned: this.#likeness.committed });
  }

  async #open(): Promise<void> {
    // What is on the screen stays there until there is something to take its place.
    if (this.#content.phase !== "open") this.#show({ phase: "opening" });
    try {
      this.#text = this.#backup?.text ?? (await readDocumentText(this.uri));
      const opened = await openSession(this.#surroundings, this.uri, this.#text);
      this.#state.revert(opened.edits);
      this.#likeness.revert(opened.tuned);
      if (this.#backup !== undefined) {
        this.#state.commit(this.#backup.edits);
        this.#likeness.commit(this.#backup.tuned);
      }
      this.#backup = undefined;
      this.#loaded = true;
      await this.#showSession(opened);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Opens what did not open before; where only the engine was restarted, the edits stay as they are. */
  async #reopen(): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#loaded) {
        await this.#open();
        return;
      }
      try {
        await this.#showSession(await openSession(this.#surroundings, this.uri, this.#text));
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /** The engine's session of this document; a new one where the engine no longer has it. */
  async #liveSession(): Promise<OpenedLatent> {
    const { engine } = this.#surroundings;
    if (this.#content.phase === "open" && engine.holds(this.#content.opened)) return this.#content.opened;
    if (!this.#loaded) throw new Error(this.#content.phase === "failed" ? this.#content.message : this.name);
    const opened = await openSession(this.#surroundings, this.uri, this.#text);
    await this.#showSession(opened);
    return opened;
  }

  async #showSession(opened: OpenedLatent): Promise<void> {
    const directions = await nearDirections(this.#surroundings, this.uri, opened);
    const previous = this.#content;
    this.#show({ phase: "open", opened, directions, notice: opened.warning });
    if (previous.phase === "open") this.#surroundings.engine.closeLatent(previous.opened);
    this.#frames.request({ look: this.look, since: undefined });
    void this.#findDirections();
  }

  /** Looks again which directions there are. */
  async #findDirections(): Promise<void> {
    if (this.#content.phase !== "open") return;
    const { opened } = this.#content;
    // Where it fails the engine is gone, and the next session looks again.
    const directions = await allDirections(this.#surroundings, this.uri, opened).catch(() => undefined);
    if (directions === undefined || this.#content.opened !== opened) return;
    this.#show({ ...this.#content, directions });
  }

  async #changedOnDisk(): Promise<void> {
    const text = await readDocumentText(this.uri).catch(() => undefined);
    if (text === undefined || text === this.#text) return;
    if (!this.#state.dirty && !this.#likeness.dirty) await this.#open();
    else {
      this.#setNotice(
        vscode.l10n.t(
          "{0} has changed on the disk: saving overwrites it, File: Revert File takes it over.",
          this.name,
        ),
      );
    }
  }

  // ------------------------------------------------------------ drawing

  async #draw({ look, since }: FrameRequest): Promise<Frame> {
    if (this.#content.phase !== "open") throw new vscode.CancellationError();
    const drawn = await this.#surroundings.engine.render(this.#content.opened, look);
    // Never more than one request of ours is on its way, so none of them is overtaken.
    if (drawn.superseded) throw new vscode.CancellationError();
    return { pixels: drawn.pixels, milliseconds: drawn.milliseconds, since };
  }

  /** A frame that fails because the engine died is drawn again by {@link #reopen}; others are told. */
  #drawingFailed(error: unknown): void {
    if (this.#content.phase !== "open" || isEngineGone(error) || error instanceof vscode.CancellationError)
      return;
    this.#setNotice(sentence(error));
  }

  #editsChanged(): void {
    const since = this.#movedAt;
    this.#movedAt = undefined;
    this.#changed.fire(undefined);
    if (this.#content.phase === "open") this.#frames.request({ look: this.look, since });
  }

  // ------------------------------------------------------------ bookkeeping

  #fail(error: unknown): void {
    this.#show({
      phase: "failed",
      message: sentence(error),
      engineGone: isEngineGone(error),
    });
  }

  #setNotice(notice: string | undefined): void {
    if (this.#content.phase !== "open") return;
    const { opened, directions } = this.#content;
    this.#show({ phase: "open", opened, directions, notice });
  }

  #show(content: Content): void {
    this.#content = content;
    this.#changed.fire(undefined);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  dispose(): void {
    if (this.#content.phase === "open") this.#surroundings.engine.closeLatent(this.#content.opened);
    this.#frames.dispose();
    vscode.Disposable.from(...this.#subscriptions, this.#changed, this.#framed, this.#edited).dispose();
  }
}
