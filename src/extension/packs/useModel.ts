import * as vscode from "vscode";
import type { Context } from "../context";
import { SETTINGS_SECTION } from "../contributions";
import type { Licensed } from "./agreements";

/** Makes a pack the one that inverts faces, once its licence is accepted. @returns whether it is */
export async function useModel(
  { packs, agreements }: Pick<Context, "packs" | "agreements">,
  folder: string,
  licensed: Licensed,
): Promise<boolean> {
  const isBuiltIn = folder === packs.builtIn;
  if (!isBuiltIn && !(await agreements.ask(licensed))) return false;
  await storeModel(isBuiltIn ? undefined : folder);
  return true;
}

/**
 * Writes the setting. The built-in pack moves with every version of the extension, so it is stored as "none". A workspace that
 * is not trusted has no say, so there the choice is the person's own, for all workspaces.
 */
export async function storeModel(folder: string | undefined): Promise<void> {
  const hasWorkspace = vscode.workspace.workspaceFolders !== undefined && vscode.workspace.isTrusted;
  const { Workspace, Global } = vscode.ConfigurationTarget;
  const target = hasWorkspace ? Workspace : Global;
  const configuration = (): vscode.WorkspaceConfiguration =>
    vscode.workspace.getConfiguration(SETTINGS_SECTION);
  await configuration().update("model", folder, target);
  // Without a value here, one that holds for all workspaces would come through.
  const isOverruled = folder === undefined && configuration().get<string>("model", "") !== "";
  if (isOverruled) await configuration().update("model", "", target);
}

/** Takes a folder out of the settings that name it: they mean the built-in pack then. @returns whether any did */
export async function forgetModel(folder: string): Promise<boolean> {
  const configuration = vscode.workspace.getConfiguration(SETTINGS_SECTION);
  const stored = configuration.inspect<string>("model");
  const { Workspace, Global } = vscode.ConfigurationTarget;
  const named = [
    { target: Workspace, value: stored?.workspaceValue },
    { target: Global, value: stored?.globalValue },
  ].filter(({ value }) => value === folder);
  for (const { target } of named) await configuration.update("model", undefined, target);
  return named.length > 0;
}
