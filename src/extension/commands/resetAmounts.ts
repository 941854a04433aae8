import type * as vscode from "vscode";
import type { Context } from "../context";

/** Sets every amount of a Studio to zero, as one step of undo. */
export function resetAmounts({ studios }: Context, file?: vscode.Uri): void {
  studios.find(file)?.document.editing.resetAll();
}
