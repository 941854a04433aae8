import * as vscode from "vscode";

/** How something is told in a tree or a list. */
export interface Described {
  readonly label: string;
  readonly description: string;
  /** Several lines. */
  readonly tooltip: string;
  readonly icon: string;
  /** Something is wrong with it, which the tooltip begins with. */
  readonly warning: boolean;
}

/** It as a line of a tree. @param colour of its icon, where nothing is wrong with it */
export function describedItem(
  { label, description, tooltip, icon, warning }: Described,
  id: string,
  contextValue: string,
  colour?: string,
): vscode.TreeItem {
  const made = new vscode.TreeItem(label);
  made.id = id;
  made.description = description;
  made.tooltip = tooltip;
  made.contextValue = contextValue;
  const name = warning ? "list.warningForeground" : colour;
  made.iconPath = new vscode.ThemeIcon(icon, name === undefined ? undefined : new vscode.ThemeColor(name));
  const wrong = warning ? [tooltip.split("\n", 1)[0] ?? ""] : [];
  made.accessibilityInformation = { label: [label, description, ...wrong].join(", ") };
  return made;
}
