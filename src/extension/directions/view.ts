import * as vscode from "vscode";
import type { Context } from "../context";
import { Command, View } from "../contributions";
import type { Disposing } from "../disposing";
import { sentence } from "../engine/failure";
import { groupRank } from "../studio/attributeNames";
import { describeEntry } from "./describe";
import { treeOf, type EntryNode, type Node } from "./nodes";

/** The view of label sets and directions: the workspace's, then the active model's. */
export class DirectionsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #library: Context["library"];
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<Node>;
  readonly #subscriptions: readonly Disposing[];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor({ library, log }: Pick<Context, "library" | "log">) {
    this.#library = library;
    this.#log = log;
    this.#view = vscode.window.createTreeView(View.directions, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#subscriptions = [
      this.#view,
      this.#changed,
      library.onDidChange(() => void this.#drawAnew()),
      this.#view.onDidChangeSelection(({ selection }) => {
        library.selection = selection.flatMap(({ uri }) => (uri === undefined ? [] : [uri]));
      }),
    ];
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node?.kind === "entry") return [];
    if (node !== undefined) return [...node.children].sort(byHeading);
    try {
      const tree = treeOf(await this.#library.content());
      this.#view.message = "";
      return [...tree];
    } catch (error) {
      // The view says why it is empty; what is offered below is the welcome content.
      this.#log.error(sentence(error));
      this.#view.message = sentence(error);
      return [];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case "model":
        return group(
          vscode.l10n.t("Model {0}", node.name),
          "model",
          node.children.length,
          "symbol-class",
          node.uri.fsPath,
        );
      case "labelSets":
        return group(vscode.l10n.t("Label Sets"), "labelSets", node.children.length, "folder");
      case "directions":
        return group(vscode.l10n.t("Directions"), "directions", node.children.length, "folder");
      case "entry":
        return item(node);
    }
  }

  /**
   * VS Code forgets the lines as soon as it is told to ask for them again: a menu that is open then belongs to none. So
   * it is told when the new ones are at hand.
   */
  async #drawAnew(): Promise<void> {
    await this.#library.content().catch(() => undefined);
    this.#changed.fire(undefined);
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}

function group(
  label: string,
  contextValue: string,
  count: number,
  icon: string,
  tooltip = label,
): vscode.TreeItem {
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  const made = new vscode.TreeItem(label, count > 0 ? Expanded : None);
  // Another item when it is empty: VS Code would keep a group that gets its first child closed.
  made.id = `group ${contextValue}${count > 0 ? "" : " (empty)"}`;
  made.contextValue = contextValue;
  made.description = count > 0 ? String(count) : vscode.l10n.t("none yet");
  made.iconPath = new vscode.ThemeIcon(icon);
  made.tooltip = tooltip;
  made.accessibilityInformation = { label: `${label}, ${made.description}` };
  return made;
}

function item({ entry, own, uri }: EntryNode): vscode.TreeItem {
  const { label, description, tooltip, icon, warning } = describeEntry(entry);
  const made = new vscode.TreeItem(label);
  // A pack that lies in the workspace has its directions in two places of the tree.
  made.id = `${own ? "own" : "file"} ${entry.path}`;
  made.description = description;
  made.tooltip = tooltip;
  made.contextValue = contextOf(entry, own);
  made.iconPath = new vscode.ThemeIcon(
    icon,
    warning ? new vscode.ThemeColor("list.warningForeground") : undefined,
  );
  made.accessibilityInformation = {
    label: [label, description, ...(warning ? [tooltip.split("\n", 1)[0] ?? ""] : [])].join(", "),
  };
  if (entry.kind === "direction") {
    made.command = {
      command: Command.showReport,
      title: vscode.l10n.t("Show Direction Report"),
      arguments: [uri],
    };
  }
  return made;
}

/** What the menus of package.json know an item by. */
function contextOf(entry: EntryNode["entry"], own: boolean): string {
  if (entry.kind === "labels") return entry.done < entry.count ? "labels.partial" : "labels";
  return `${entry.kind}.${own ? "own" : "file"}`;
}

/** Directions in the order of the sliders' headings, then by name. */
function byHeading(a: EntryNode, b: EntryNode): number {
  const [first, second] = [headingOf(a), headingOf(b)];
  return first.rank - second.rank || first.name.localeCompare(second.name);
}

function headingOf({ entry }: EntryNode): { rank: number; name: string } {
  return {
    rank: groupRank(entry.kind === "direction" ? entry.group : undefined),
    name: entry.kind === "direction" ? entry.attribute : entry.name,
  };
}
