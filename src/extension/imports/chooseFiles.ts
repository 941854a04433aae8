import * as vscode from "vscode";
import { FOREIGN_ENDINGS } from "../contributions";

/** The files that a command means: the selection, the clicked file, or what the person picks. */
export async function chooseForeignFiles(file?: vscode.Uri, files?: vscode.Uri[]): Promise<string[]> {
  const given = files !== undefined && files.length > 0 ? files : file === undefined ? undefined : [file];
  const chosen =
    given ??
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Models, Label Sets, Latents or Directions to Import"),
      openLabel: vscode.l10n.t("Import"),
      canSelectMany: true,
      filters: {
        [vscode.l10n.t("Checkpoints and arrays")]: [...FOREIGN_ENDINGS],
        [vscode.l10n.t("All files")]: ["*"],
      },
    }));
  return (chosen ?? []).map(({ fsPath }) => fsPath);
}
