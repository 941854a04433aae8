import * as vscode from "vscode";
import type { Context } from "../context";
import { Command } from "../contributions";

/** Shows which provider computes, what came of trying the others, and the versions. */
export async function showEngineStatus({ engine, log }: Context): Promise<void> {
  const status = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Asking the RFM engine") },
    () => engine.status(),
  );
  const attempts = status.attempts.map(({ provider, ok, reason }) => ({
    label: `$(${provider === status.provider ? "check" : ok ? "circle-outline" : "circle-slash"}) ${provider}`,
    detail: reason,
  }));
  const restart = { label: `$(debug-restart) ${vscode.l10n.t("Restart Engine")}` };
  const showLog = { label: `$(output) ${vscode.l10n.t("Show Log")}` };
  log.info(JSON.stringify(status));
  const picked = await vscode.window.showQuickPick(
    [
      ...attempts,
      { label: vscode.l10n.t("Versions"), kind: vscode.QuickPickItemKind.Separator },
      {
        label: `RFM ${status.version}`,
        description: `ONNX Runtime ${status.onnxruntime}, Node ${status.node}`,
      },
      { label: "", kind: vscode.QuickPickItemKind.Separator },
      restart,
      showLog,
    ],
    {
      title: vscode.l10n.t("RFM Engine"),
      placeHolder: vscode.l10n.t("Faces are computed by: {0}", status.provider),
    },
  );
  if (picked === restart) await vscode.commands.executeCommand(Command.restartEngine);
  if (picked === showLog) log.show();
}
