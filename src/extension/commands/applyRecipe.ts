import { basename } from "node:path";
import * as vscode from "vscode";
import type { Context } from "../context";
import { RECIPE_ENDING, STUDIO } from "../contributions";
import { chooseRecipe } from "../studio/chooseRecipe";
import type { StudioDocument } from "../studio/document";
import type { OpenStudio } from "../studio/studios";

/**
 * Puts the edits of a recipe in the place of those of a latent, as one step of undo. A recipe that it is given is for the active
 * Studio; a latent is opened in a Studio where it is in none, and the recipe is asked for.
 */
export async function applyRecipe(context: Context, file?: vscode.Uri): Promise<void> {
  const given = file !== undefined && isRecipe(file) ? file : undefined;
  const document = await documentFor(context, given === undefined ? file : undefined);
  if (document === undefined) return;
  const recipe = given ?? (await chooseRecipe(document.uri));
  // Only now: another session may have taken over while the person chose.
  if (recipe === undefined || document.content.phase !== "open") return;
  const edits = await context.engine.readRecipe(document.content.opened, recipe.fsPath);
  const name = basename(recipe.fsPath).replace(RECIPE_ENDING, "");
  document.editing.replaceAll(vscode.l10n.t("Apply recipe {0}", name), edits);
}

function isRecipe({ path }: vscode.Uri): boolean {
  return path.toLowerCase().endsWith(RECIPE_ENDING);
}

/** The document of a latent, or of the active Studio, once it can be edited; nothing where it was closed before. */
async function documentFor(
  { studios }: Context,
  latent: vscode.Uri | undefined,
): Promise<StudioDocument | undefined> {
  if (latent === undefined) return studios.active?.document;
  if (studios.of(latent) === undefined) {
    await vscode.commands.executeCommand("vscode.openWith", latent, STUDIO);
  }
  const studio = studios.of(latent);
  if (studio === undefined) return undefined;
  await opened(studio);
  return studio.document.content.phase === "open" ? studio.document : undefined;
}

/** Waits until a Studio has its document, has failed to, or is closed. */
async function opened({ document, panel }: OpenStudio): Promise<void> {
  const listening: vscode.Disposable[] = [];
  await new Promise<void>((settled) => {
    const look = (): void => {
      if (document.content.phase !== "opening") settled();
    };
    listening.push(
      document.onDidChange(look),
      panel.onDidDispose(() => {
        settled();
      }),
    );
    look();
  });
  vscode.Disposable.from(...listening).dispose();
}
