import { basename } from "node:path";
import * as vscode from "vscode";
import { EngineRequests } from "../../protocol/engine";
import type { Context } from "../context";
import { PICTURE_ENDINGS } from "../contributions";
import { latentFolder, namesIn } from "./folders";
import { isPicture, latentsOf } from "./names";

/** What to do with a photo that has latents already. */
export type Existing = "overwrite" | "keepBoth" | "open";

/** What a command is asked to invert. */
export interface ChosenPhotos {
  /** As they were named: photos, or folders of photos. */
  readonly named: readonly string[];
  readonly photos: readonly vscode.Uri[];
  /** Whether many were meant: several photos, or a folder, whatever is in it. */
  readonly isBatch: boolean;
}

/**
 * The photos that a command means: the selection, the clicked file, the open picture, or what the person picks. Of folders the
 * pictures in them; other files of a selection are none of ours.
 */
export async function choosePhotos(
  { engine }: Pick<Context, "engine">,
  file?: vscode.Uri,
  files?: vscode.Uri[],
): Promise<ChosenPhotos> {
  const named = await namedPhotos(file, files);
  const folders = await Promise.all(named.map(isFolder));
  const meant = named.filter((uri, index) => named.length === 1 || folders[index] || isPicture(uri.path));
  const paths = meant.map(({ fsPath }) => fsPath);
  if (!folders.includes(true)) return { named: paths, photos: meant, isBatch: meant.length > 1 };
  const photos = await engine.ask(EngineRequests.listPhotos, { paths });
  return { named: paths, photos: photos.map((path) => vscode.Uri.file(path)), isBatch: true };
}

async function namedPhotos(file?: vscode.Uri, files?: vscode.Uri[]): Promise<vscode.Uri[]> {
  if (files !== undefined && files.length > 0) return files;
  const one = file ?? openPicture();
  if (one !== undefined) return [one];
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Photos Whose Faces to Invert"),
    openLabel: vscode.l10n.t("Invert"),
    canSelectMany: true,
    filters: { [vscode.l10n.t("Pictures")]: [...PICTURE_ENDINGS] },
  });
  return picked ?? [];
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    const { type } = await vscode.workspace.fs.stat(uri);
    return (type & vscode.FileType.Directory) !== 0;
  } catch {
    // The engine says what is wrong with it.
    return false;
  }
}

/** The latents that a photo has already. */
export async function existingLatents(photo: vscode.Uri): Promise<readonly vscode.Uri[]> {
  const folder = latentFolder(photo);
  const names = latentsOf(basename(photo.fsPath), await namesIn(folder));
  return names.map((name) => vscode.Uri.joinPath(folder, name));
}

/** Asks what to do with a photo that has this latent already. Nothing: the person changed their mind. */
export async function askAboutExisting(latent: vscode.Uri): Promise<Existing | undefined> {
  const overwrite = vscode.l10n.t("Overwrite");
  const keepBoth = vscode.l10n.t("Keep Both");
  const open = vscode.l10n.t("Open");
  const message = vscode.l10n.t("{0} exists already.", basename(latent.fsPath));
  const options = { modal: true, detail: vscode.l10n.t("Overwriting drops the edits in them.") };
  const answer = await vscode.window.showWarningMessage(message, options, open, keepBoth, overwrite);
  if (answer === overwrite) return "overwrite";
  if (answer === keepBoth) return "keepBoth";
  return answer === open ? "open" : undefined;
}

/** The picture in the active tab. */
function openPicture(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isFileTab = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText;
  return isFileTab && isPicture(input.uri.path) ? input.uri : undefined;
}
