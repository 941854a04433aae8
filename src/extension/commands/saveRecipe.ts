import { basename } from "node:path";
import * as vscode from "vscode";
import type { Context } from "../context";
import { RECIPE_ENDING } from "../contributions";
import { withEnding } from "../directions/choose";
import { stemOf } from "../photos/names";

/** Writes the edits of a Studio as a recipe, to be made on other faces. */
export async function saveRecipe({ studios, engine }: Context, file?: vscode.Uri): Promise<void> {
  const document = studios.find(file)?.document;
  if (document?.content.phase !== "open") return;
  const { opened } = document.content;
  const { edits } = document.editing;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t("Save Edits as Recipe"),
    defaultUri: vscode.Uri.joinPath(document.uri, "..", `${stemOf(document.name)}${RECIPE_ENDING}`),
    filters: { [vscode.l10n.t("Recipes")]: ["json"] },
  });
  if (target === undefined) return;
  const path = withEnding(target.fsPath, RECIPE_ENDING);
  await engine.saveRecipe(opened, edits, path);
  void vscode.window.showInformationMessage(vscode.l10n.t("{0} is saved.", basename(path)));
}
