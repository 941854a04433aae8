import { basename } from "node:path";
import * as vscode from "vscode";
import type { Context } from "../context";
import { folderBeside } from "../directions/choose";
import { reportTargets } from "../directions/reportTargets";
import { stemOf } from "../photos/names";

/** Writes a report as one HTML file: the one in front, or that of the directions that were given. */
export async function exportReport(context: Context, file?: vscode.Uri, files?: vscode.Uri[]): Promise<void> {
  const { reports } = context;
  // The button over a report gives the address of its page, which is no file.
  const given = file?.scheme === "file" ? undefined : reports.active;
  const targets = given ?? (await reportTargets(context, file, files));
  if (targets === undefined) return;
  const folder = folderBeside(targets.paths[0]);
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t("Export Report as HTML"),
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, `${stemOf(targets.title)}.html`) }),
    filters: { HTML: ["html"] },
  });
  if (target === undefined) return;
  const text = await reports.export(targets.title, targets.paths);
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  const open = vscode.l10n.t("Open");
  const message = vscode.l10n.t("{0} is saved.", basename(target.fsPath));
  if ((await vscode.window.showInformationMessage(message, open)) === open) {
    await vscode.env.openExternal(target);
  }
}
