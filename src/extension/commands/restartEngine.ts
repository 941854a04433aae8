import * as vscode from "vscode";
import type { Context } from "../context";

/** Ends the engine process and starts another; open Studios go on where they were. */
export async function restartEngine({ engine }: Context): Promise<void> {
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Restarting the RFM engine") },
    () => engine.restart(),
  );
}
