import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as vscode from "vscode";
import type { InversionReportFiles } from "../../protocol/engine";
import { Command, INVERSION_REPORT } from "../contributions";
import { sheetPage } from "./sheetPage";

/** A larger sheet is left to the browser: a panel takes its page as one message. */
const LARGEST = 64 * 1024 * 1024;

/** Shows a batch's contact sheet beside the editors, and its file in the Explorer. Its links open the Studio. */
export async function showSheet({ sheet }: InversionReportFiles): Promise<void> {
  const uri = vscode.Uri.file(sheet);
  const isInWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  if (isInWorkspace) await vscode.commands.executeCommand("revealInExplorer", uri);
  if ((await vscode.workspace.fs.stat(uri)).size > LARGEST) {
    await vscode.env.openExternal(uri);
    return;
  }
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const panel = vscode.window.createWebviewPanel(
    INVERSION_REPORT,
    vscode.l10n.t("Inversions"),
    vscode.ViewColumn.Active,
    {
      enableScripts: false,
      enableFindWidget: true,
      enableCommandUris: [Command.openStudio],
      localResourceRoots: [],
    },
  );
  panel.webview.html = sheetPage(text, (address) => studioLink(latentAt(address, dirname(sheet))));
}

/** The file that a link of the sheet leads to: relative to the sheet, or on another drive. */
function latentAt(address: string, folder: string): vscode.Uri {
  if (address.startsWith("file:")) return vscode.Uri.file(fileURLToPath(address));
  return vscode.Uri.file(resolve(folder, ...address.split("/").map(decodeURIComponent)));
}

function studioLink(latent: vscode.Uri): string {
  return `command:${Command.openStudio}?${encodeURIComponent(JSON.stringify([{ path: latent.fsPath }]))}`;
}
