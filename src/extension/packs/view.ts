import * as vscode from "vscode";
import type { Context } from "../context";
import { View } from "../contributions";
import type { Disposing } from "../disposing";
import { sentence } from "../engine/failure";
import { describePack } from "./describe";
import { lacksEncoder } from "./fitEncoder";
import { isGenerator, type KnownPack } from "./library";

/** A line of the tree; `uri` is what commands on it are about. */
export interface PackNode {
  readonly kind: "pack";
  readonly uri: vscode.Uri;
  readonly pack: KnownPack;
}

/** The view of the model packs: the built-in one, the imported ones, those of the workspace. */
export class ModelsView implements vscode.TreeDataProvider<PackNode>, vscode.Disposable {
  readonly #models: Context["models"];
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<PackNode>;
  readonly #subscriptions: readonly Disposing[];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor({ models, log }: Pick<Context, "models" | "log">) {
    this.#models = models;
    this.#log = log;
    this.#view = vscode.window.createTreeView(View.models, { treeDataProvider: this });
    this.#subscriptions = [
      this.#view,
      this.#changed,
      models.onDidChange(() => {
        this.#changed.fire(undefined);
      }),
      // Another window may have imported a model meanwhile.
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) models.refresh();
      }),
      this.#view.onDidChangeSelection(({ selection }) => {
        models.selection = selection.map(({ uri }) => uri);
      }),
    ];
  }

  async getChildren(node?: PackNode): Promise<PackNode[]> {
    if (node !== undefined) return [];
    try {
      const packs = await this.#models.content();
      this.#view.message = "";
      return packs.map((pack) => ({ kind: "pack", uri: vscode.Uri.file(pack.folder), pack }));
    } catch (error) {
      this.#log.error(sentence(error));
      this.#view.message = sentence(error);
      return [];
    }
  }

  getTreeItem({ pack }: PackNode): vscode.TreeItem {
    const { label, description, tooltip, icon, warning } = describePack(pack);
    const made = new vscode.TreeItem(label);
    made.id = pack.folder;
    made.description = description;
    made.tooltip = tooltip;
    made.contextValue = contextOf(pack);
    const colour = warning ? "list.warningForeground" : pack.active ? "charts.green" : undefined;
    made.iconPath = new vscode.ThemeIcon(
      icon,
      colour === undefined ? undefined : new vscode.ThemeColor(colour),
    );
    made.accessibilityInformation = {
      label: [label, description, ...(warning ? [tooltip] : [])].join(", "),
    };
    return made;
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}

/** What the menus of package.json know an item by: words with dots before and after. */
function contextOf({ entry, place, active }: KnownPack): string {
  const words = [
    "pack",
    place,
    ...("message" in entry ? ["broken"] : ["whole"]),
    ...(isGenerator(entry) && !active ? ["usable"] : []),
    ...(isGenerator(entry) && place !== "builtIn" && lacksEncoder(entry) ? ["encodable"] : []),
    ...("licence" in entry ? ["licensed"] : []),
  ];
  return `.${words.join(".")}.`;
}
