import { basename } from "node:path";
import * as vscode from "vscode";
import { DirectionRequests } from "../../protocol/directions";
import type { Context } from "../context";
import { DIRECTION_ENDING } from "../contributions";
import { askWhereToWrite, chooseDirection } from "../directions/choose";

/** Writes the opposite of a direction as a direction of its own. */
export async function negateDirection(context: Context, file?: vscode.Uri): Promise<void> {
  const title = vscode.l10n.t("Negate Direction");
  const direction = await chooseDirection(context, title, file);
  const output = await askWhereToWrite(title, `not-${direction.name}`, direction.path);
  if (output === undefined) return;
  const { path } = await context.engine.ask(DirectionRequests.combineDirections, {
    parts: [{ path: direction.path, weight: -1 }],
    name: basename(output, DIRECTION_ENDING),
    output,
    models: await context.packs.everywhere(context.library.activeModel),
  });
  context.library.refresh();
  void vscode.window.showInformationMessage(vscode.l10n.t("{0} is saved.", basename(path)));
}
