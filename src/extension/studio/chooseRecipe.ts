import { basename } from "node:path";
import * as vscode from "vscode";
import { RECIPE_ENDING } from "../contributions";
import { findInWorkspace } from "../search";

/** A workspace with more recipes than this is searched by name in the dialog. */
const MOST_RECIPES = 200;

type Choice = vscode.QuickPickItem & { readonly file?: vscode.Uri };

/** Asks for a recipe: one of the workspace, or any file. @param latent beside which the dialog looks for it */
export async function chooseRecipe(latent: vscode.Uri): Promise<vscode.Uri | undefined> {
  const title = vscode.l10n.t("Apply Recipe");
  const found = await findInWorkspace(`**/*${RECIPE_ENDING}`, MOST_RECIPES);
  if (found.length === 0) return browse(title, latent);
  const choices: Choice[] = found
    .map((file) => ({
      label: basename(file.fsPath).replace(RECIPE_ENDING, ""),
      description: vscode.workspace.asRelativePath(file),
      file,
    }))
    .sort((a, b) => a.label.localeCompare(b.label) || a.description.localeCompare(b.description));
  const separator: Choice = { label: "", kind: vscode.QuickPickItemKind.Separator };
  const other: Choice = { label: `$(folder-opened) ${vscode.l10n.t("Choose a File...")}` };
  const picked = await vscode.window.showQuickPick([...choices, separator, other], {
    title,
    placeHolder: vscode.l10n.t("Its edits take the place of those of this face."),
    matchOnDescription: true,
  });
  if (picked === undefined) return undefined;
  return picked.file ?? browse(title, latent);
}

async function browse(title: string, latent: vscode.Uri): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title,
    defaultUri: vscode.Uri.joinPath(latent, ".."),
    filters: { [vscode.l10n.t("Recipes")]: ["json"] },
  });
  return picked?.[0];
}
