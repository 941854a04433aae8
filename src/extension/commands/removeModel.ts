import * as vscode from "vscode";
import type { Context } from "../context";
import { choosePack } from "../packs/choosePack";
import { forgetModel } from "../packs/useModel";
import { moveToTrash } from "../trash";

/** Moves an imported model to the trash; where it was the active one, the built-in one takes over. */
export async function removeModel(context: Context, file?: vscode.Uri): Promise<void> {
  const { packs, models } = context;
  const title = vscode.l10n.t("Move a Model to the Trash");
  const pack = await choosePack(context, title, file, ({ folder }) => packs.isInstalled(folder));
  if (pack === undefined) return;
  const { folder, entry } = pack;
  const name = "name" in entry ? entry.name : folder;
  const move = vscode.l10n.t("Move to Trash");
  const options = {
    modal: true,
    detail: vscode.l10n.t("Latents and directions of this model stay, but need it to be opened."),
  };
  const question = vscode.l10n.t("Move the model {0} to the trash?", name);
  if ((await vscode.window.showWarningMessage(question, options, move)) !== move) return;
  if (!(await moveToTrash([vscode.Uri.file(folder)]))) return;
  const wasActive = await forgetModel(folder);
  packs.refresh();
  models.refresh();
  if (wasActive) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("{0} is gone; faces are inverted with the model that comes with RFM now.", name),
    );
  }
}
