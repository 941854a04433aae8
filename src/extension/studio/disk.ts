import { basename } from "node:path";
import * as vscode from "vscode";
import { LATENT_ENDING } from "../contributions";
import { Quiet } from "../quiet";

/** The largest document that is read at all; the largest real one (18 x 512) has less than 1 MB. */
const LARGEST = 64 * 1024 * 1024;

/** Reads a document's text, after a look at its size. */
export async function readDocumentText(uri: vscode.Uri): Promise<string> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > LARGEST) {
    throw new Error(
      vscode.l10n.t(
        "{0} is too large for a latent ({1} MB): check that it is the right file.",
        basename(uri.fsPath),
        Math.round(size / 1024 / 1024),
      ),
    );
  }
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/** Watches one document on the disk; one that was deleted and comes back has changed. */
export function watchDocument(
  uri: vscode.Uri,
  then: { readonly changed: () => void; readonly deleted: () => void },
): vscode.Disposable {
  const folder = vscode.Uri.joinPath(uri, "..");
  // The name is compared, not put into the pattern: it may hold characters that patterns use.
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(folder, `*${LATENT_ENDING}`),
  );
  const mine = (call: () => void) => (changed: vscode.Uri) => {
    if (changed.toString() === uri.toString()) call();
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(mine(then.changed)),
    watcher.onDidCreate(mine(then.changed)),
    watcher.onDidDelete(mine(then.deleted)),
  );
}

/** Tells, once for many files at a time, that directions have come, changed or gone. */
export function watchDirections(then: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher("**/*.direction.json");
  const quiet = new Quiet(then);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(quiet.soon),
    watcher.onDidChange(quiet.soon),
    watcher.onDidDelete(quiet.soon),
    quiet,
  );
}
