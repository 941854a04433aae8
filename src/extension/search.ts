import * as vscode from "vscode";

/** Looks for files in the workspace; where the search does not work there are none. */
export async function findInWorkspace(pattern: string, most: number): Promise<vscode.Uri[]> {
  try {
    return await vscode.workspace.findFiles(pattern, "**/node_modules/**", most);
  } catch {
    return [];
  }
}
