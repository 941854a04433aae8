import { dirname } from "node:path";
import * as vscode from "vscode";
import { folderSetting } from "../settings";

/** The folder that receives a photo's latents: the setting's, or the photo's own. */
export function latentFolder(photo: vscode.Uri): vscode.Uri {
  return vscode.Uri.file(folderSetting("outputFolder", photo) ?? dirname(photo.fsPath));
}

/** The names in a folder; none where it cannot be read or does not exist yet. */
export async function namesIn(folder: vscode.Uri): Promise<readonly string[]> {
  try {
    return (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name);
  } catch {
    return [];
  }
}
