import * as vscode from "vscode";
import { ImportRequests } from "../../protocol/imports";
import type { Context } from "../context";
import { choosePack } from "../packs/choosePack";
import { withNotification } from "../progress";

/** Reads all files of a model and compares them with their hashes. */
export async function verifyModel(context: Context, file?: vscode.Uri): Promise<void> {
  const pack = await choosePack(context, vscode.l10n.t("Verify a Model"), file);
  if (pack === undefined) return;
  const { folder } = pack;
  const { name } = await withNotification(vscode.l10n.t("Verifying a model"), (working) =>
    context.engine.ask(ImportRequests.verifyPack, { folder }, working),
  );
  void vscode.window.showInformationMessage(
    vscode.l10n.t("{0} is whole: all its files are those that it was made with.", name),
  );
}
