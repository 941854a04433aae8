import { isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import { SETTINGS_SECTION, type SETTING_DEFAULTS, type SettingName } from "./contributions";

type Settings = typeof SETTING_DEFAULTS;

/** A setting's value for a file (settings may differ from folder to folder). */
export function setting<Name extends SettingName>(name: Name, scope?: vscode.Uri): Settings[Name] {
  const value = vscode.workspace.getConfiguration(SETTINGS_SECTION, scope).get<Settings[Name]>(name);
  if (value === undefined) throw new Error(`package.json has no setting ${SETTINGS_SECTION}.${name}.`);
  return value;
}

/** A setting's value where the person or the workspace has given one; else undefined, whatever the default is. */
export function givenSetting<Name extends SettingName>(
  name: Name,
  scope?: vscode.Uri,
): Settings[Name] | undefined {
  const configuration = vscode.workspace.getConfiguration(SETTINGS_SECTION, scope);
  const { globalValue, workspaceValue, workspaceFolderValue } =
    configuration.inspect<Settings[Name]>(name) ?? {};
  return workspaceFolderValue ?? workspaceValue ?? globalValue;
}

/** Calls back when one of our settings changes. */
export function onSettingChange(name: SettingName, then: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${SETTINGS_SECTION}.${name}`)) then();
  });
}

/**
 * A folder setting as an absolute path: relative ones count from the workspace folder of the file. Nothing where
 * it is empty.
 */
export function folderSetting(name: "model" | "outputFolder", scope?: vscode.Uri): string | undefined {
  const value = setting(name, scope).trim();
  if (value === "") return undefined;
  if (isAbsolute(value)) return value;
  const folder =
    (scope === undefined ? undefined : vscode.workspace.getWorkspaceFolder(scope)) ??
    vscode.workspace.workspaceFolders?.[0];
  return folder === undefined ? undefined : join(folder.uri.fsPath, value);
}
