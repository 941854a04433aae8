import * as vscode from "vscode";
import {
  DirectionRequests,
  MOST_FILES,
  type DirectionEntry,
  type FileSummaries,
  type LabelSetEntry,
} from "../../protocol/directions";
import { DIRECTION_ENDING, LABELS_ENDING } from "../contributions";
import type { Disposing } from "../disposing";
import type { Engine } from "../engine/engine";
import type { ModelPacks } from "../engine/models";
import { findInWorkspace } from "../search";
import type { Studios } from "../studio/studios";

/** How long the disk has to be quiet before files are read again. */
const QUIET_MILLISECONDS = 300;

/**
 * The label sets and directions of the workspace and of the active model. Nothing is searched or read before somebody
 * asks; afterwards the files are watched.
 */
export class DirectionLibrary implements vscode.Disposable {
  readonly #engine: Engine;
  readonly #packs: ModelPacks;
  readonly #studios: Studios;
  readonly #changed = new vscode.EventEmitter<undefined>();
  #subscriptions: readonly Disposing[] = [];
  #timer: NodeJS.Timeout | undefined;
  #content: Promise<FileSummaries> | undefined;
  #model: string | undefined;

  /** What is selected in the tree: what a key means there. */
  selection: readonly vscode.Uri[] = [];

  /** What was read is no longer what there is. */
  readonly onDidChange = this.#changed.event;

  constructor(engine: Engine, packs: ModelPacks, studios: Studios) {
    this.#engine = engine;
    this.#packs = packs;
    this.#studios = studios;
  }

  /** Folder of the model that everything is measured against: the active Studio's, else the chosen one. */
  get activeModel(): string {
    const content = this.#studios.active?.document.content;
    return content?.phase === "open" ? content.opened.model : this.#packs.chosen();
  }

  /** What there is; read once until something changes. */
  content(): Promise<FileSummaries> {
    this.#watch();
    if (this.#content === undefined) {
      const reading = this.#read();
      this.#content = reading;
      // A failure is told to whoever asked; the next one tries again.
      reading.catch(() => {
        if (this.#content === reading) this.#content = undefined;
      });
    }
    return this.#content;
  }

  /** Every direction, those of the model first. */
  async directions(): Promise<DirectionEntry[]> {
    const { own, files } = await this.content();
    return [...own, ...files].filter((entry) => entry.kind === "direction");
  }

  async labelSets(): Promise<LabelSetEntry[]> {
    return (await this.content()).files.filter((entry) => entry.kind === "labels");
  }

  /** Looks again. */
  refresh(): void {
    clearTimeout(this.#timer);
    this.#content = undefined;
    this.#changed.fire(undefined);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    vscode.Disposable.from(...this.#subscriptions, this.#changed).dispose();
  }

  async #read(): Promise<FileSummaries> {
    const model = this.activeModel;
    this.#model = model;
    const found = await Promise.all(
      [LABELS_ENDING, DIRECTION_ENDING].map((ending) => findInWorkspace(`**/*${ending}`, MOST_FILES / 2)),
    );
    const files = found.map((uris) => uris.map(({ fsPath }) => fsPath).sort()).flat();
    return this.#engine.ask(DirectionRequests.summariseFiles, { files, model });
  }

  #watch(): void {
    if (this.#subscriptions.length > 0) return;
    const watcher = vscode.workspace.createFileSystemWatcher("**/*.{labels,direction}.json");
    const soon = (): void => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.refresh();
      }, QUIET_MILLISECONDS);
    };
    const modelChanged = (): void => {
      if (this.activeModel !== this.#model) this.refresh();
    };
    this.#subscriptions = [
      watcher,
      watcher.onDidCreate(soon),
      watcher.onDidChange(soon),
      watcher.onDidDelete(soon),
      this.#studios.onDidChange(modelChanged),
      this.#packs.onDidChange(modelChanged),
      vscode.workspace.onDidChangeWorkspaceFolders(soon),
    ];
  }
}
