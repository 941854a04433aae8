import { basename } from "node:path";
import * as vscode from "vscode";
import { LATENT_ENDING } from "../contributions";
import type { Disposing } from "../disposing";
import { latentFolder, namesIn } from "./folders";
import { isPicture, latentsOf } from "./names";

/**
 * A badge on photos that have a latent. A folder is listed once, when the Explorer first shows a photo of it, and
 * again only after a latent has come or gone.
 */
export class LatentBadges implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeFileDecorations = this.#changed.event;
  readonly #folders = new Map<string, Promise<readonly string[]>>();
  readonly #subscriptions: readonly Disposing[];

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher(`**/*${LATENT_ENDING}`, false, true, false);
    const forget = (): void => {
      this.#folders.clear();
      this.#changed.fire(undefined);
    };
    this.#subscriptions = [
      watcher,
      watcher.onDidCreate(forget),
      watcher.onDidDelete(forget),
      vscode.window.registerFileDecorationProvider(this),
      this.#changed,
    ];
  }

  async provideFileDecoration(file: vscode.Uri): Promise<vscode.FileDecoration | undefined> {
    if (file.scheme !== "file" || !isPicture(file.path)) return undefined;
    const latents = latentsOf(basename(file.fsPath), await this.#names(latentFolder(file)));
    if (latents.length === 0) return undefined;
    return new vscode.FileDecoration("L", vscode.l10n.t("Has a latent: {0}", latents.join(", ")));
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #names(folder: vscode.Uri): Promise<readonly string[]> {
    const key = folder.toString();
    const known = this.#folders.get(key) ?? namesIn(folder);
    this.#folders.set(key, known);
    return known;
  }
}
