import * as vscode from "vscode";
import type { FileSummaries } from "../../protocol/directions";
import type { Context } from "../context";
import { Command, View } from "../contributions";
import { groupRank } from "../studio/attributeNames";
import { describedItem } from "../tree/described";
import { LibraryView } from "../tree/view";
import { describeEntry } from "./describe";
import { treeOf, type EntryNode, type Node } from "./nodes";

/** The view of label sets and directions: the workspace's, then the active model's. */
export class DirectionsView extends LibraryView<FileSummaries, Node> {
  constructor({ library, log }: Pick<Context, "library" | "log">) {
    super(library, log, View.directions, { canSelectMany: true, showCollapseAll: true });
  }

  protected rootsOf(content: FileSummaries): Node[] {
    return [...treeOf(content)];
  }

  protected childrenOf(node: Node): Node[] {
    return node.kind === "entry" ? [] : [...node.children].sort(byHeading);
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
  // A pack that lies in the workspace has its directions in two places of the tree.
  const id = `${own ? "own" : "file"} ${entry.path}`;
  const made = describedItem(describeEntry(entry), id, contextOf(entry, own));
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
