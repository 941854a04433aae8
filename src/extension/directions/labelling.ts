import { basename } from "node:path";
import * as vscode from "vscode";
import type { LabelSetResult, WorkProgress } from "../../protocol/directions";
import type { EngineRequest } from "../../protocol/request";
import type { Context } from "../context";
import { Command, LABELS_ENDING } from "../contributions";
import { isCancelled } from "../engine/failure";
import { withNotification } from "../progress";

/** Labels under a notification. Whoever cancels is told that nothing is lost, and how to go on. */
export async function labelInTheOpen<Parameters extends object>(
  { engine, library }: Context,
  path: string,
  request: EngineRequest<Parameters, LabelSetResult, WorkProgress>,
  parameters: Parameters,
): Promise<void> {
  const name = basename(path, LABELS_ENDING);
  const title = vscode.l10n.t("Labelling {0}", name);
  try {
    const { count } = await withNotification(title, (working) =>
      engine.ask(request, parameters, { ...working, activity: vscode.l10n.t("labelling") }),
    );
    library.refresh();
    await offer(
      vscode.l10n.t("{0} has scores of {1} faces.", name, count),
      vscode.l10n.t("Fit Directions..."),
      Command.fitDirections,
      path,
    );
  } catch (error) {
    library.refresh();
    if (!isCancelled(error)) throw error;
    await offer(
      vscode.l10n.t("Labelling {0} was stopped; every finished face is kept.", name),
      vscode.l10n.t("Resume Labelling"),
      Command.resumeLabelSet,
      path,
    );
  }
}

/** Says something, with one way to go on. */
async function offer(message: string, button: string, command: string, path: string): Promise<void> {
  if ((await vscode.window.showInformationMessage(message, button)) === button) {
    await vscode.commands.executeCommand(command, vscode.Uri.file(path));
  }
}
