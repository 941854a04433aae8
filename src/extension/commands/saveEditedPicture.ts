import { basename } from "node:path";
import * as vscode from "vscode";
import type { Context } from "../context";
import { stemOf } from "../photos/names";

/** Writes the edited face of a Studio as a picture, where the person says. */
export async function saveEditedPicture({ studios, engine }: Context, file?: vscode.Uri): Promise<void> {
  const document = studios.find(file)?.document;
  if (document?.content.phase !== "open") return;
  const { opened } = document.content;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t("Save Edited Picture"),
    defaultUri: vscode.Uri.joinPath(document.uri, "..", `${stemOf(document.name)}.edited.png`),
    filters: { PNG: ["png"], JPEG: ["jpg", "jpeg"], WebP: ["webp"] },
  });
  if (target === undefined) return;
  await engine.savePicture(opened, document.editing.look, target.fsPath);
  await offerToOpen(target);
}

async function offerToOpen(target: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t("Open");
  const message = vscode.l10n.t("{0} is saved.", basename(target.fsPath));
  if ((await vscode.window.showInformationMessage(message, open)) === open) {
    await vscode.commands.executeCommand("vscode.open", target);
  }
}
