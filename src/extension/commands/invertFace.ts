import { basename } from "node:path";
import * as vscode from "vscode";
import type { Context } from "../context";
import { STUDIO } from "../contributions";
import { sentence } from "../engine/failure";
import { runBatch, type BatchSummary } from "../photos/batch";
import { askAboutExisting, choosePhotos, existingLatents } from "../photos/choose";
import { invertPhoto, type Inverted } from "../photos/invertPhoto";
import { InversionPreview } from "../photos/preview";
import { mayUseModels } from "../packs/mayUse";

type Summary = BatchSummary<vscode.Uri, Inverted>;

/**
 * Inverts the faces of photos, one photo after the other, in one notification with one cancel button. A photo that
 * fails does not stop the others; at the end all failures are told.
 */
export async function invertFace(context: Context, file?: vscode.Uri, files?: vscode.Uri[]): Promise<void> {
  const photos = await choosePhotos(file, files);
  if (photos.length === 0) return;
  const existing = await existingLatents(photos);
  const decision = existing.size === 0 ? "keepBoth" : await askAboutExisting(existing, photos.length);
  if (decision === undefined) return;
  const wanted = decision === "open" ? photos.filter((photo) => !existing.has(photo)) : photos;
  if (wanted.length === 0) {
    await openInStudio([...existing.values()][0]?.[0]);
    return;
  }
  if (!(await mayUseModels(context, wanted))) return;
  const summary = await invertAll(context, wanted, decision === "overwrite");
  await report(context, summary);
}

async function invertAll(context: Context, photos: vscode.Uri[], overwrite: boolean): Promise<Summary> {
  const title =
    photos.length === 1
      ? vscode.l10n.t("Inverting {0}", basename(photos[0]?.fsPath ?? ""))
      : vscode.l10n.t("Inverting {0} photos", photos.length);
  const preview = new InversionPreview(context.extension);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  try {
    return await vscode.window.withProgress(options, async (progress, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => {
        cancel.abort();
      });
      return runBatch(
        photos,
        (photo, index) => {
          const share = 100 / photos.length;
          const place =
            photos.length === 1 ? "" : `${basename(photo.fsPath)} (${index + 1}/${photos.length}): `;
          preview.clear();
          return invertPhoto(context, photo, {
            overwrite,
            signal: cancel.signal,
            preview,
            report: (message, advance) => {
              progress.report({ message: `${place}${message}`, increment: advance * share });
            },
          });
        },
        cancel.signal,
      );
    });
  } finally {
    preview.dispose();
  }
}

/** Opens the result of a single photo; tells the result of several; lists every failure in its own sentence. */
async function report({ log }: Context, { done, failed, left }: Summary): Promise<void> {
  const latents = done.flatMap(({ result }) => result.latents);
  for (const { error } of failed) log.error(sentence(error));
  const single = done.length + failed.length + left.length === 1;
  if (single) await openInStudio(latents[0]);
  if (failed.length > 0) await reportFailures(log, failed, single ? 0 : latents.length);
  else if (!single) await offerStudio(latents, left.length);
}

async function reportFailures(
  log: vscode.LogOutputChannel,
  failed: Summary["failed"],
  inverted: number,
): Promise<void> {
  const told = failed.slice(0, 3).map(({ error }) => sentence(error));
  const more = failed.length - told.length;
  if (more > 0) told.push(vscode.l10n.t("{0} more failures are in the log.", more));
  if (inverted > 0) told.unshift(vscode.l10n.t("Faces inverted: {0}.", inverted));
  const showLog = vscode.l10n.t("Show Log");
  if ((await vscode.window.showErrorMessage(told.join(" "), showLog)) === showLog) log.show();
}

async function offerStudio(latents: readonly vscode.Uri[], left: number): Promise<void> {
  const told = [vscode.l10n.t("Faces inverted: {0}.", latents.length)];
  if (left > 0) told.push(vscode.l10n.t("Photos not begun: {0}.", left));
  const open = vscode.l10n.t("Open in Studio");
  const buttons = latents.length > 0 ? [open] : [];
  if ((await vscode.window.showInformationMessage(told.join(" "), ...buttons)) !== open) return;
  for (const latent of latents.slice(0, MOST_STUDIOS)) await openInStudio(latent);
}

/** No more Studios than this are opened at once. */
const MOST_STUDIOS = 8;

async function openInStudio(latent: vscode.Uri | undefined): Promise<void> {
  if (latent !== undefined) await vscode.commands.executeCommand("vscode.openWith", latent, STUDIO);
}
