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
import { Quiet } from "../quiet";
import { findInWorkspace } from "../search";
import type { Studios } from "../studio/studios";
import { Library } from "../tree/library";

/** The label sets and directions of the workspace and of the active model. */
export class DirectionLibrary extends Library<FileSummaries> {
  readonly #engine: Engine;
  readonly #packs: ModelPacks;
  readonly #studios: Studios;
  readonly #quiet = new Quiet(() => {
    this.refresh();
  });
  #model: string | undefined;

  constructor(engine: Engine, packs: ModelPacks, studios: Studios) {
    super();
    this.#engine = engine;
    this.#packs = packs;
    this.#studios = studios;
  }

  /** Folder of the model that everything is measured against: the active Studio's, else the chosen one. */
  get activeModel(): string {
    const content = this.#studios.active?.document.content;
    return content?.phase === "open" ? content.opened.model : this.#packs.chosen();
  }

  /** Every direction, those of the model first. */
  async directions(): Promise<DirectionEntry[]> {
    const { own, files } = await this.content();
    return [...own, ...files].filter((entry) => entry.kind === "direction");
  }

  async labelSets(): Promise<LabelSetEntry[]> {
    return (await this.content()).files.filter((entry) => entry.kind === "labels");
  }

  override refresh(): void {
    this.#quiet.dispose();
    super.refresh();
  }

  protected async read(): Promise<FileSummaries> {
    const model = this.activeModel;
    this.#model = model;
    const found = await Promise.all(
      [LABELS_ENDING, DIRECTION_ENDING].map((ending) => findInWorkspace(`**/*${ending}`, MOST_FILES / 2)),
    );
    const files = found.map((uris) => uris.map(({ fsPath }) => fsPath).sort()).flat();
    return this.#engine.ask(DirectionRequests.summariseFiles, { files, model });
  }

  protected watch(): readonly Disposing[] {
    const watcher = vscode.workspace.createFileSystemWatcher("**/*.{labels,direction}.json");
    const { soon } = this.#quiet;
    const modelChanged = (): void => {
      if (this.activeModel !== this.#model) this.refresh();
    };
    return [
      this.#quiet,
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
