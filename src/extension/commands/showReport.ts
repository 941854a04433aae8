import type * as vscode from "vscode";
import type { Context } from "../context";
import { reportTargets } from "../directions/reportTargets";

/** Shows the report of directions, of a label set's directions, or of those that come with the model. */
export async function showReport(context: Context, file?: vscode.Uri, files?: vscode.Uri[]): Promise<void> {
  const targets = await reportTargets(context, file, files);
  if (targets === undefined) return;
  // A click on a line of the tree, which gives one file and no others, leaves the keyboard there: Delete may follow.
  const preserveFocus = file !== undefined && files === undefined;
  await context.reports.show(targets.title, targets.paths, preserveFocus);
}
