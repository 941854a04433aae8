import { basename } from "node:path";
import * as vscode from "vscode";
import type { OpenedLatent } from "../../protocol/engine";
import type { Disposing } from "../disposing";
import { isEngineGone, sentence } from "../engine/failure";
import { writeBackup, type Backup } from "./backup";
import type { Content } from "./content";
import { readDocumentText, watchDirections, watchDocument } from "./disk";
import { FaceDrawing } from "./drawing";
import { FaceEditing } from "./editing";
import { allDirections, nearDirections, openSession, type Surroundings } from "./session";

/**
 * A latent in the Studio: the text on the disk, the edits on top, and a session of the engine that draws them.
 * It owns all the state; panels and the side panel only show it.
 */
export class StudioDocument implements vscode.CustomDocument {
  readonly #surroundings: Surroundings;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: readonly Disposing[];
  #content: Content = { phase: "opening" };
  #text = "";
  /** What hot exit has kept, until it is taken over. */
  #backup: Backup | undefined;
  /** Whether text and edits are those of the document: it has been open at least once. */
  #loaded = false;
  /** Opening, saving and reverting take turns. */
  #turn: Promise<void> = Promise.resolve();

  /** What is set on the face. */
  readonly editing: FaceEditing;
  /** The picture of that. */
  readonly drawing: FaceDrawing;

  /** What there is to show has changed. */
  readonly onDidChange = this.#changed.event;

  constructor(
    readonly uri: vscode.Uri,
    surroundings: Surroundings,
    backup?: Backup,
  ) {
    this.#surroundings = surroundings;
    this.#backup = backup;
    this.editing = new FaceEditing(() => {
      const content = this.#content;
      return content.phase === "open"
        ? { directions: content.directions, layers: content.opened.layers }
        : undefined;
    });
    this.drawing = new FaceDrawing(surroundings.engine, () => this.#opened);
    this.#subscriptions = [
      this.editing,
      this.drawing,
      this.#changed,
      this.editing.onDidChange((since) => {
        this.#changed.fire(undefined);
        this.#draw(since);
      }),
      this.editing.onDidPreview((since) => {
        this.#draw(since);
      }),
      this.drawing.onDidFail((message) => {
        this.#setNotice(message);
      }),
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
      const look = this.editing.committed;
      const opened = await this.#liveSession();
      await this.#surroundings.engine.saveLatent(opened, look, target.fsPath);
      if (!here) return;
      this.#text = await readDocumentText(this.uri);
      this.editing.markSaved(look);
      this.#setNotice(opened.warning);
    });
  }

  /** Takes the document from the disk and drops the edits that are not saved. */
  async revert(): Promise<void> {
    await this.#inTurn(() => this.#open());
  }

  /** The bytes that hot exit keeps. */
  backup(): Uint8Array {
    return writeBackup(this.#backup ?? { text: this.#text, ...this.editing.committed });
  }

  async #open(): Promise<void> {
    // What is on the screen stays there until there is something to take its place.
    if (this.#content.phase !== "open") this.#show({ phase: "opening" });
    try {
      this.#text = this.#backup?.text ?? (await readDocumentText(this.uri));
      const opened = await openSession(this.#surroundings, this.uri, this.#text);
      this.editing.revert({ edits: opened.edits, tuned: opened.tuned });
      if (this.#backup !== undefined) {
        this.editing.restore({ edits: this.#backup.edits, tuned: this.#backup.tuned });
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
    const current = this.#opened;
    if (current !== undefined && engine.holds(current)) return current;
    if (!this.#loaded) throw new Error(this.#content.phase === "failed" ? this.#content.message : this.name);
    const opened = await openSession(this.#surroundings, this.uri, this.#text);
    await this.#showSession(opened);
    return opened;
  }

  async #showSession(opened: OpenedLatent): Promise<void> {
    const directions = await nearDirections(this.#surroundings, this.uri, opened);
    const previous = this.#opened;
    this.#show({ phase: "open", opened, directions, notice: opened.warning });
    if (previous !== undefined) this.#surroundings.engine.closeLatent(previous);
    this.#draw();
    void this.#findDirections();
  }

  /** Looks again which directions there are. */
  async #findDirections(): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    // Where it fails the engine is gone, and the next session looks again.
    const directions = await allDirections(this.#surroundings, this.uri, opened).catch(() => undefined);
    const content = this.#content;
    if (directions === undefined || content.phase !== "open" || content.opened !== opened) return;
    this.#show({ ...content, directions });
  }

  async #changedOnDisk(): Promise<void> {
    const text = await readDocumentText(this.uri).catch(() => undefined);
    if (text === undefined || text === this.#text) return;
    if (!this.editing.dirty) await this.#open();
    else {
      this.#setNotice(
        vscode.l10n.t(
          "{0} has changed on the disk: saving overwrites it, File: Revert File takes it over.",
          this.name,
        ),
      );
    }
  }

  // ------------------------------------------------------------ bookkeeping

  get #opened(): OpenedLatent | undefined {
    return this.#content.phase === "open" ? this.#content.opened : undefined;
  }

  #draw(since?: number): void {
    if (this.#opened !== undefined) this.drawing.request(this.editing.look, since);
  }

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
    if (this.#opened !== undefined) this.#surroundings.engine.closeLatent(this.#opened);
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}
