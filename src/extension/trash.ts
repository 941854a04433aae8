import * as vscode from "vscode";
import { sentence } from "./engine/failure";

/**
 * Moves files and folders to the trash. Some file systems, remote ones above all, have none: then the person is asked whether
 * to delete for good.
 *
 * @returns whether they are gone
 */
export async function moveToTrash(files: readonly vscode.Uri[]): Promise<boolean> {
  try {
    await remove(files, true);
    return true;
  } catch (error) {
    return removeForGood(files, sentence(error));
  }
}

async function removeForGood(files: readonly vscode.Uri[], reason: string): Promise<boolean> {
  const left = [];
  for (const file of files) if (await exists(file)) left.push(file);
  if (left.length === 0) return true;
  const forGood = vscode.l10n.t("Delete Permanently");
  const message = vscode.l10n.t("The trash cannot be used here. Delete for good?");
  const options = { modal: true, detail: reason };
  if ((await vscode.window.showWarningMessage(message, options, forGood)) !== forGood) return false;
  await remove(left, false);
  return true;
}

async function remove(files: readonly vscode.Uri[], useTrash: boolean): Promise<void> {
  for (const file of files) await vscode.workspace.fs.delete(file, { recursive: true, useTrash });
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}
