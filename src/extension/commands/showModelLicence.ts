import * as vscode from "vscode";
import type { Context } from "../context";
import { choosePack } from "../packs/choosePack";

/** Shows under which licence a model may be used. */
export async function showModelLicence(context: Context, file?: vscode.Uri): Promise<void> {
  const pack = await choosePack(context, vscode.l10n.t("Licence of a Model"), file);
  if (pack === undefined || "message" in pack.entry) return;
  const { name, licence } = pack.entry;
  const detail = licence ?? vscode.l10n.t("The pack does not say its licence; look where you got it.");
  await vscode.window.showInformationMessage(vscode.l10n.t("Licence of {0}", name), { modal: true, detail });
}
