import { basename } from "node:path";
import * as vscode from "vscode";
import { PICTURE_ENDINGS } from "../contributions";
import { latentFolder, namesIn } from "./folders";
import { isPicture, latentsOf } from "./names";

/** What to do with photos that have latents already. */
export type Existing = "overwrite" | "keepBoth" | "open";

/** The photos that a command means: the selection, the clicked file, the open picture, or what the person picks. */
export async function choosePhotos(file?: vscode.Uri, files?: vscode.Uri[]): Promise<vscode.Uri[]> {
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

/** The latents that each photo has already; photos without any are left out. */
export async function existingLatents(photos: readonly vscode.Uri[]): Promise<Map<vscode.Uri, vscode.Uri[]>> {
  const found = new Map<vscode.Uri, vscode.Uri[]>();
  for (const photo of photos) {
    const folder = latentFolder(photo);
    const names = latentsOf(basename(photo.fsPath), await namesIn(folder));
    if (names.length > 0) {
      found.set(
        photo,
        names.map((name) => vscode.Uri.joinPath(folder, name)),
      );
    }
  }
  return found;
}

/** Asks once, for all photos that have latents already. Nothing: the person changed their mind. */
export async function askAboutExisting(
  existing: ReadonlyMap<vscode.Uri, readonly vscode.Uri[]>,
  photoCount: number,
): Promise<Existing | undefined> {
  const overwrite = vscode.l10n.t("Overwrite");
  const keepBoth = vscode.l10n.t("Keep Both");
  const open = photoCount === 1 ? vscode.l10n.t("Open") : vscode.l10n.t("Skip");
  const first = [...existing.values()][0]?.[0];
  const message =
    photoCount === 1
      ? vscode.l10n.t("{0} exists already.", first === undefined ? "" : basename(first.fsPath))
      : vscode.l10n.t("{0} of {1} photos have latents already.", existing.size, photoCount);
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
