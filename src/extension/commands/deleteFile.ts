import { basename } from "node:path";
import * as vscode from "vscode";
import type { Context } from "../context";
import { DIRECTION_ENDING, LABELS_ENDING } from "../contributions";
import { moveToTrash } from "../trash";

/** Moves label sets, each with its folder of scores, and directions to the trash. */
export async function deleteFile(
  { library }: Context,
  file?: vscode.Uri,
  files?: vscode.Uri[],
): Promise<void> {
  // Nothing is given where the line that was clicked is gone by now: then nothing is deleted, least of all another line.
  const given = (files ?? (file === undefined ? [] : [file])).filter(isOurs);
  if (given.length === 0) return;
  const names = given.map(({ fsPath }) => basename(fsPath));
  const move = vscode.l10n.t("Move to Trash");
  const question =
    given.length === 1
      ? vscode.l10n.t("Move {0} to the trash?", names[0] ?? "")
      : vscode.l10n.t("Move {0} files to the trash?", given.length);
  const detail = given.length === 1 ? undefined : names.join("\n");
  const options = { modal: true, ...(detail === undefined ? {} : { detail }) };
  if ((await vscode.window.showWarningMessage(question, options, move)) !== move) return;
  const all = (await Promise.all(given.map(withScores))).flat();
  await moveToTrash(all);
  library.refresh();
}

/** A label set's scores lie in the folder `NAME.labels` beside it. The document goes first: without it they are nothing. */
async function withScores(file: vscode.Uri): Promise<vscode.Uri[]> {
  if (!file.path.endsWith(LABELS_ENDING)) return [file];
  const folder = file.with({ path: file.path.slice(0, -".json".length) });
  return (await exists(folder)) ? [file, folder] : [file];
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}

/** Nothing else is ever deleted, whoever runs the command: a model's own directions belong to its pack. */
function isOurs(file: vscode.Uri): boolean {
  const { path } = file;
  return (
    (path.endsWith(DIRECTION_ENDING) || path.endsWith(LABELS_ENDING)) &&
    vscode.workspace.getWorkspaceFolder(file) !== undefined
  );
}
