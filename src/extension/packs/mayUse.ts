import type * as vscode from "vscode";
import type { Context } from "../context";
import { licensedPack } from "./licensed";

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

/**
 * The same for packs by their folders.
 *
 * @throws Error with the sentence that tells that a folder is no pack
 */
export async function mayUsePacks(
  { packs, agreements }: Pick<Context, "packs" | "agreements">,
  folders: readonly string[],
): Promise<boolean> {
  for (const folder of new Set(folders)) {
    if (folder !== packs.builtIn && !(await agreements.ask(await licensedPack(folder)))) return false;
  }
  return true;
}
