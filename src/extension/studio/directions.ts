import { dirname } from "node:path";
import * as vscode from "vscode";
import type { DirectionSummary } from "../../protocol/engine";
import { findInWorkspace } from "../search";
import type { SliderDirection } from "../sliders/rows";
import { attributeName, groupName, groupRank } from "./attributeNames";

/** At most so many directions are looked for in a workspace. */
const MOST_DIRECTIONS = 500;

/** The folders of the workspace that hold directions. */
export async function workspaceDirectionFolders(): Promise<string[]> {
  const files = await findInWorkspace("**/*.direction.json", MOST_DIRECTIONS);
  return [...new Set(files.map(({ fsPath }) => dirname(fsPath)))].sort();
}

/** Directions as the side panel shows them: translated where we know the word, with their statistics in words. */
export function describeDirections(found: readonly DirectionSummary[]): SliderDirection[] {
  const ordered = [...found].sort((a, b) => groupRank(a.group) - groupRank(b.group));
  return ordered.map((entry) => ({
    direction: entry.direction,
    layers: entry.layers,
    name: attributeName(entry.attribute),
    group: entry.group === undefined ? vscode.l10n.t("Directions") : groupName(entry.group),
    hint: describe(entry),
  }));
}

function describe({ auc, accuracy, direction }: DirectionSummary): string {
  const facts = [direction.path];
  if (auc !== undefined) facts.push(vscode.l10n.t("AUC on held-out faces: {0}", auc.toFixed(3)));
  if (accuracy !== undefined) {
    facts.push(vscode.l10n.t("accuracy on held-out faces: {0}%", (accuracy * 100).toFixed(1)));
  }
  if (direction.sigma === undefined) facts.push(vscode.l10n.t("no standard deviation: amounts are lengths"));
  return facts.join("\n");
}
