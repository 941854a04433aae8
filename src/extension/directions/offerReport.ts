import * as vscode from "vscode";
import type { Context } from "../context";
import { reportTitle } from "../report/panel";

/** Says what was done, with a way to see the report on it. */
export async function offerReport(
  { reports }: Context,
  message: string,
  paths: readonly string[],
): Promise<void> {
  const show = vscode.l10n.t("Show Report");
  if ((await vscode.window.showInformationMessage(message, show)) !== show) return;
  await reports.show(reportTitle(paths, undefined), paths);
}
