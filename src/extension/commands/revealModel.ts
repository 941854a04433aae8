import * as vscode from "vscode";
import type { Context } from "../context";
import { choosePack } from "../packs/choosePack";

const REVEAL_IN_SYSTEM = "revealFileInOS";

/** Shows the folder of a model: in the Explorer where it lies in the workspace, else in the system's file manager. */
export async function revealModel(context: Context, file?: vscode.Uri): Promise<void> {
  const pack = await choosePack(context, vscode.l10n.t("Folder of a Model Pack"), file);
  if (pack === undefined) return;
  const folder = vscode.Uri.file(pack.folder);
  if (vscode.workspace.getWorkspaceFolder(folder) !== undefined) {
    await vscode.commands.executeCommand("revealInExplorer", folder);
  } else if ((await vscode.commands.getCommands()).includes(REVEAL_IN_SYSTEM)) {
    await vscode.commands.executeCommand(REVEAL_IN_SYSTEM, folder);
  } else {
    // An editor in a browser has no file manager to open.
    await vscode.env.clipboard.writeText(pack.folder);
    void vscode.window.showInformationMessage(
      vscode.l10n.t("The model lies in {0}; the path was copied.", pack.folder),
    );
  }
}
