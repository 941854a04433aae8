import { dirname } from "node:path";
import * as vscode from "vscode";
import { folderSetting } from "../settings";

/** The folder for what is made of a file: the setting's, or the file's own. */
export function documentFolder(path: string): string {
  return folderSetting("outputFolder", vscode.Uri.file(path)) ?? dirname(path);
}

/** Shows a document in the Explorer, where it lies in the workspace. */
export async function revealDocument(path: string): Promise<void> {
  const uri = vscode.Uri.file(path);
  if (vscode.workspace.getWorkspaceFolder(uri) === undefined) return;
  await vscode.commands.executeCommand("revealInExplorer", uri);
}
