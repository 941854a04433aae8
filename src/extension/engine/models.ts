import { basename, dirname, join, relative, sep } from "node:path";
import * as vscode from "vscode";
import type { Disposing } from "../disposing";
import { findInWorkspace } from "../search";
import { onSettingChange, folderSetting } from "../settings";

/** At most so many packs are looked for in a workspace. */
const MOST_PACKS = 50;

/** Where a pack lies: in the extension, in the folder of imported ones, in the workspace, or anywhere else. */
export type PackPlace = "builtIn" | "installed" | "workspace" | "elsewhere";

/** A folder with a `model.json`. */
export interface PackFolder {
  readonly name: string;
  readonly path: string;
  readonly place: PackPlace;
}

/**
 * Which model packs may be loaded. In Restricted Mode it is the built-in one and those that the person has imported: a
 * workspace that is not trusted does not choose what the engine loads.
 */
export class ModelPacks implements vscode.Disposable {
  readonly #builtIn: PackFolder;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: readonly Disposing[];

  /** Other packs may now be loaded. */
  readonly onDidChange = this.#changed.event;

  /**
   * @param builtIn folder of the pack that comes with the extension
   * @param installedFolder folder of the packs that were imported, shared by all workspaces; it need not exist
   */
  constructor(
    builtIn: string,
    readonly installedFolder: string,
  ) {
    this.#builtIn = { name: basename(builtIn), path: builtIn, place: "builtIn" };
    const announce = (): void => {
      this.#changed.fire(undefined);
    };
    this.#subscriptions = [
      vscode.workspace.onDidGrantWorkspaceTrust(announce),
      onSettingChange("model", announce),
      this.#changed,
    ];
  }

  /** Packs were imported or removed. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  get builtIn(): string {
    return this.#builtIn.path;
  }

  /**
   * The pack that inverts a photo. In Restricted Mode VS Code gives the person's own setting instead of the workspace's; of
   * that, too, only imported packs count.
   */
  chosen(scope?: vscode.Uri): string {
    const setting = folderSetting("model", scope);
    const allowed = setting !== undefined && (vscode.workspace.isTrusted || this.isInstalled(setting));
    return allowed ? setting : this.#builtIn.path;
  }

  /** Whether a folder is one of the imported packs. */
  isInstalled(folder: string): boolean {
    const name = relative(this.installedFolder, folder);
    return name !== "" && name !== ".." && !name.includes(sep) && !name.startsWith(".");
  }

  /** The imported packs, by name. */
  async installed(): Promise<string[]> {
    try {
      const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.file(this.installedFolder));
      const folders = entries.filter(
        ([name, type]) => type === vscode.FileType.Directory && !name.startsWith("."),
      );
      return folders.map(([name]) => join(this.installedFolder, name)).sort();
    } catch {
      // Nothing was imported yet.
      return [];
    }
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

  /** The packs that are found by looking. */
  async found(): Promise<string[]> {
    return [...(await this.installed()), ...(await this.inWorkspace())];
  }

  /** Every pack that may be somebody's model, the preferred one first. */
  async everywhere(preferred: string): Promise<string[]> {
    return [...new Set([preferred, ...this.known(), ...(await this.found())])];
  }

  /** Folders outside the extension in which packs may lie. */
  allowedRoots(): string[] {
    if (!vscode.workspace.isTrusted) return [this.installedFolder];
    const folders = vscode.workspace.workspaceFolders ?? [];
    const setting = folderSetting("model");
    return [
      this.installedFolder,
      ...folders.map(({ uri }) => uri.fsPath),
      ...(setting === undefined ? [] : [setting]),
    ];
  }

  /** The built-in pack, the imported ones, in a trusted workspace those that lie in it, and the chosen one. */
  async all(): Promise<PackFolder[]> {
    const installed = (await this.installed()).map((path) => packFolder(path, "installed"));
    const inWorkspace = (await this.inWorkspace()).map((path) => packFolder(path, "workspace"));
    const known = [this.#builtIn, ...installed, ...inWorkspace];
    const chosen = this.chosen();
    return known.some(({ path }) => path === chosen) ? known : [...known, packFolder(chosen, "elsewhere")];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}

function packFolder(path: string, place: PackPlace): PackFolder {
  return { name: basename(path), path, place };
}
