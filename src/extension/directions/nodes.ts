import * as vscode from "vscode";
import type { FileEntry, FileSummaries } from "../../protocol/directions";
import { LABELS_ENDING } from "../contributions";

/** The active model with the directions that come with it. */
export interface ModelNode {
  readonly kind: "model";
  readonly name: string;
  readonly uri: vscode.Uri;
  readonly children: readonly EntryNode[];
}

/** Label sets or directions of the workspace. */
export interface GroupNode {
  readonly kind: "labelSets" | "directions";
  readonly uri?: undefined;
  readonly children: readonly EntryNode[];
}

/** One file. */
export interface EntryNode {
  readonly kind: "entry";
  readonly entry: FileEntry;
  /** It came with the model, so it can neither be deleted nor revealed in the workspace. */
  readonly own: boolean;
  readonly uri: vscode.Uri;
}

/** A line of the tree; `uri` is what commands on it are about. */
export type Node = ModelNode | GroupNode | EntryNode;

/** The tree: the workspace's label sets and directions, and those of the model, which are many and known, below. */
export function treeOf({ model, own, files }: FileSummaries): readonly (ModelNode | GroupNode)[] {
  const labelSets = files.filter((entry) => isLabelSet(entry));
  const directions = files.filter((entry) => !isLabelSet(entry));
  return [
    { kind: "labelSets", children: labelSets.map((entry) => node(entry, false)) },
    { kind: "directions", children: directions.map((entry) => node(entry, false)) },
    {
      kind: "model",
      name: model.name,
      uri: vscode.Uri.file(model.folder),
      children: own.map((entry) => node(entry, true)),
    },
  ];
}

/** By its name, for a file that cannot be read is one of them too. */
function isLabelSet({ path }: FileEntry): boolean {
  return path.endsWith(LABELS_ENDING);
}

function node(entry: FileEntry, own: boolean): EntryNode {
  return { kind: "entry", entry, own, uri: vscode.Uri.file(entry.path) };
}

/** Whether a command's argument is a line of our tree. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "kind" in value && "uri" in value;
}
