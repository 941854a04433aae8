import * as vscode from "vscode";
import type { Context } from "../context";

/** Shows a label set or a direction in the Explorer. */
export async function revealFile(_context: Context, file?: vscode.Uri): Promise<void> {
  if (file !== undefined) await vscode.commands.executeCommand("revealInExplorer", file);
}
