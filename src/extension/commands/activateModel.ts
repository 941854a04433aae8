import * as vscode from "vscode";
import type { Context } from "../context";
import { choosePack } from "../packs/choosePack";
import { isGenerator } from "../packs/library";
import { useModel } from "../packs/useModel";

/** Makes a model of the tree the one that inverts faces. */
export async function activateModel(context: Context, file?: vscode.Uri): Promise<void> {
  const title = vscode.l10n.t("Model That Inverts Faces");
  const pack = await choosePack(context, title, file, ({ entry }) => isGenerator(entry));
  if (pack !== undefined && "sha256" in pack.entry) await useModel(context, pack.folder, pack.entry);
}
