import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import type { Disposing } from "../disposing";
import { findInWorkspace } from "../search";
import { onSettingChange, folderSetting } from "../settings";

/** At most so many packs are looked for in a workspace. */
const MOST_PACKS = 50;

/** A folder with a `model.json`. */
export interface PackFolder {
  readonly name: string;
  readonly path: string;
  readonly builtIn: boolean;
}

/**
 * Which model packs may be loaded. In Restricted Mode it is the built-in one alone: a workspace that is not trusted
 * does not choose what the engine loads.
 */
export class ModelPacks implements vscode.Disposable {
  readonly #builtIn: PackFolder;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: readonly Disposing[];

  /** Other packs may now be loaded. */
  readonly onDidChange = this.#changed.event;

  constructor(builtIn: string) {
    this.#builtIn = { name: basename(builtIn), path: builtIn, builtIn: true };
    const announce = (): void => {
      this.#changed.fire(undefined);
    };
    this.#subscriptions = [
      vscode.workspace.onDidGrantWorkspaceTrust(announce),
      onSettingChange("model", announce),
      this.#changed,
    ];
  }

  /** The pack that inverts a photo. */
  chosen(scope?: vscode.Uri): string {
    const setting = vscode.workspace.isTrusted ? folderSetting("model", scope) : undefined;
    return setting ?? this.#builtIn.path;
  }

  /** The packs that are known without a search, the chosen one first. */
  known(scope?: vscode.Uri): string[] {
    return [...new Set([this.chosen(scope), this.#builtIn.path])];
  }

  /** The packs that lie in the workspace, where it is trusted. */
  async inWorkspace(): Promise<string[]> {
    if (!vscode.workspace.isTrusted) return [];
    const manifests = await findInWorkspace("**/model.json", MOST_PACKS);
    const folders = manifests.map(({ fsPath }) => dirname(fsPath));
    return folders.filter((path) => path !== this.#builtIn.path).sort();
  }

  /** Every pack that may be somebody's model, the preferred one first. */
  async everywhere(preferred: string): Promise<string[]> {
    return [...new Set([preferred, ...this.known(), ...(await this.inWorkspace())])];
  }

  /** Folders outside the extension in which packs may lie. */
  allowedRoots(): string[] {
    if (!vscode.workspace.isTrusted) return [];
    const folders = vscode.workspace.workspaceFolders ?? [];
    const setting = folderSetting("model");
    return [...folders.map(({ uri }) => uri.fsPath), ...(setting === undefined ? [] : [setting])];
  }

  /** The built-in pack and, in a trusted workspace, those that lie in it. */
  async all(): Promise<PackFolder[]> {
    const found = await this.inWorkspace();
    return [this.#builtIn, ...found.map((path) => ({ name: basename(path), path, builtIn: false }))];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}
