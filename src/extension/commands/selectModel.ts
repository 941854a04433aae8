import * as vscode from "vscode";
import type { Context } from "../context";
import { Command } from "../contributions";
import { describePack } from "../packs/describe";
import { isGenerator } from "../packs/library";
import { licensedPack } from "../packs/licensed";
import { useModel } from "../packs/useModel";

/** Something to do when it is picked. */
type Choice = vscode.QuickPickItem & { readonly run?: () => Thenable<unknown> };

/**
 * Chooses the model pack that inverts faces: the built-in one, an imported one, and in a trusted workspace one that lies in it
 * or any other folder.
 */
export async function selectModel(context: Context): Promise<void> {
  const known = await context.models.content();
  const choices = known.flatMap((pack): (Choice & { active: boolean })[] => {
    const { entry, folder, active } = pack;
    if (!isGenerator(entry)) return [];
    const { label, description } = describePack(pack);
    const run = (): Promise<boolean> => useModel(context, folder, entry);
    return [{ label: `$(${active ? "check" : "symbol-class"}) ${label}`, description, active, run }];
  });
  const separator: Choice = { label: "", kind: vscode.QuickPickItemKind.Separator };
  const picked = await vscode.window.showQuickPick<Choice>(
    [...choices.sort((a, b) => Number(b.active) - Number(a.active)), separator, ...ways(context)],
    { title: vscode.l10n.t("Model That Inverts Faces"), matchOnDescription: true },
  );
  await picked?.run?.();
}

/** Other ways to a model. */
function ways(context: Context): Choice[] {
  const importing: Choice = {
    label: `$(cloud-download) ${vscode.l10n.t("Import Model or Data...")}`,
    run: () => vscode.commands.executeCommand(Command.importFiles),
  };
  if (vscode.workspace.isTrusted) {
    const browse = {
      label: `$(folder) ${vscode.l10n.t("Choose a Folder...")}`,
      run: () => useFolder(context),
    };
    return [importing, browse];
  }
  const trust: Choice = {
    label: `$(workspace-untrusted) ${vscode.l10n.t("Manage Workspace Trust")}`,
    detail: vscode.l10n.t(
      "In Restricted Mode only the model that comes with RFM and imported ones are used.",
    ),
    run: () => vscode.commands.executeCommand("workbench.trust.manage"),
  };
  return [importing, trust];
}

async function useFolder(context: Context): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Folder of a Model Pack"),
    canSelectFolders: true,
    canSelectFiles: false,
  });
  const folder = picked?.[0]?.fsPath;
  if (folder === undefined) return;
  await useModel(context, folder, await licensedPack(folder));
}
