import * as vscode from "vscode";
import type { Context } from "../context";
import { choosePack } from "../packs/choosePack";

/** Puts the identity of a model's weights on the clipboard: what latents and directions name their model by. */
export async function copyModelHash(context: Context, file?: vscode.Uri): Promise<void> {
  const pack = await choosePack(context, vscode.l10n.t("Hash of a Model"), file);
  if (pack === undefined || "message" in pack.entry) return;
  await vscode.env.clipboard.writeText(pack.entry.sha256);
  vscode.window.setStatusBarMessage(vscode.l10n.t("The hash of {0} was copied.", pack.entry.name), 3000);
}
