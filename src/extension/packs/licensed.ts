import * as vscode from "vscode";
import { isRecord, isString } from "../../protocol/guard";
import type { Licensed } from "./agreements";

const MANIFEST = "model.json";
const MAXIMUM_MANIFEST = 1 << 20;

/**
 * Under which licence the pack in a folder may be used; the engine, which checks the rest, may not know the folder yet.
 *
 * @throws Error with the sentence that tells that the folder is no pack
 */
export async function licensedPack(folder: string): Promise<Licensed> {
  const file = vscode.Uri.joinPath(vscode.Uri.file(folder), MANIFEST);
  const manifest = await readManifest(file);
  const { name, sha256, licence } = isRecord(manifest) ? manifest : {};
  if (!isString(name) || !isString(sha256)) {
    throw new Error(
      vscode.l10n.t(
        "{0} is no model pack (it has no readable {1}); choose the folder of one.",
        folder,
        MANIFEST,
      ),
    );
  }
  return { name, sha256, ...(isString(licence) ? { licence } : {}) };
}

async function readManifest(file: vscode.Uri): Promise<unknown> {
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size > MAXIMUM_MANIFEST) return undefined;
    return JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file))) as unknown;
  } catch {
    return undefined;
  }
}
