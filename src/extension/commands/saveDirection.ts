import { basename } from "node:path";
import * as vscode from "vscode";
import type { Context } from "../context";

const ENDING = ".direction.json";

/** Writes the sum of a Studio's edits as one direction, to be used on other faces. */
export async function saveDirection({ studios, engine }: Context, file?: vscode.Uri): Promise<void> {
  const document = studios.find(file)?.document;
  if (document?.content.phase !== "open") return;
  const { opened } = document.content;
  const suggestion = document.editing.edits.map(({ direction }) => direction.name).join("-");
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t("Save Edits as Direction"),
    prompt: vscode.l10n.t("Name of the direction: the slider will carry it."),
    value: suggestion,
    validateInput: (value) =>
      /^[^\\/:*?"<>|]+$/.test(value.trim())
        ? undefined
        : vscode.l10n.t("Give a name that can also be a file name."),
  });
  if (name === undefined) return;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t("Save Edits as Direction"),
    defaultUri: vscode.Uri.joinPath(document.uri, "..", `${name.trim()}${ENDING}`),
    filters: { [vscode.l10n.t("Directions")]: ["json"] },
  });
  if (target === undefined) return;
  const path = target.fsPath.endsWith(ENDING) ? target.fsPath : target.fsPath.replace(/(\.json)?$/, ENDING);
  await engine.saveDirection(opened, document.editing.edits, path, name.trim());
  void vscode.window.showInformationMessage(vscode.l10n.t("{0} is saved.", basename(path)));
}
