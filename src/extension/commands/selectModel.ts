import * as vscode from "vscode";
import type { Context } from "../context";
import { SETTINGS_SECTION } from "../contributions";

/** Chooses the model pack that inverts faces: the built-in one, one in the workspace, or a folder. */
export async function selectModel({ packs }: Context): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    await explainTrust();
    return;
  }
  const chosen = packs.chosen();
  const known = (await packs.all()).map((pack) => ({
    label: pack.name,
    description: pack.builtIn
      ? vscode.l10n.t("comes with the extension")
      : vscode.workspace.asRelativePath(pack.path),
    picked: pack.path === chosen,
    // The built-in pack moves with every version of the extension, so it is stored as "none".
    value: pack.builtIn ? undefined : pack.path,
  }));
  const browse = { label: vscode.l10n.t("Choose a Folder..."), picked: false, value: "" };
  const picked = await vscode.window.showQuickPick([...known, browse], {
    title: vscode.l10n.t("Model That Inverts Faces"),
  });
  if (picked === undefined) return;
  const value = picked === browse ? await pickFolder() : picked.value;
  if (picked === browse && value === undefined) return;
  const inWorkspace = vscode.workspace.workspaceFolders !== undefined;
  await vscode.workspace
    .getConfiguration(SETTINGS_SECTION)
    .update(
      "model",
      value,
      inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
    );
}

async function pickFolder(): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Folder of a Model Pack"),
    canSelectFolders: true,
    canSelectFiles: false,
  });
  return picked?.[0]?.fsPath;
}

async function explainTrust(): Promise<void> {
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const message = vscode.l10n.t("In Restricted Mode only the model that comes with RFM is used.");
  if ((await vscode.window.showInformationMessage(message, manage)) === manage) {
    await vscode.commands.executeCommand("workbench.trust.manage");
  }
}
