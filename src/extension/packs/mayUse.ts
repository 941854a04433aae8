import type * as vscode from "vscode";
import type { Context } from "../context";

/**
 * Shows the licences of the models that are about to be used for the first time: a setting can name a pack that nobody has
 * chosen here.
 *
 * @returns whether all of them may be used
 */
export async function mayUseModels(
  { packs, models, agreements }: Pick<Context, "packs" | "models" | "agreements">,
  files: readonly vscode.Uri[],
): Promise<boolean> {
  const folders = new Set(files.map((file) => packs.chosen(file)));
  folders.delete(packs.builtIn);
  for (const folder of folders) {
    if (!(await agreements.ask(await models.entry(folder)))) return false;
  }
  return true;
}
