import { basename } from "node:path";
import * as vscode from "vscode";
import { EngineRequests, type InversionReportFiles } from "../../protocol/engine";
import type { Context } from "../context";
import { sentence } from "../engine/failure";
import { folderSetting } from "../settings";
import { runBatch, type BatchSummary } from "./batch";
import type { ChosenPhotos } from "./choose";
import { invertPhoto, type Inverted } from "./invertPhoto";
import { InversionPreview } from "./preview";

/** What is asked for. */
export interface BatchRequest extends ChosenPhotos {
  readonly overwrite: boolean;
}

/** What became of photos. */
export interface InvertedBatch extends BatchSummary<vscode.Uri, Inverted> {
  /** Of several photos; where the work was stopped, of what was done. */
  readonly report?: InversionReportFiles;
}

/**
 * Inverts photos one after the other, in one notification with one cancel button, and writes the report of several. A photo
 * that fails does not stop the others.
 */
export async function invertAll(
  context: Context,
  { named, photos, isBatch, overwrite }: BatchRequest,
): Promise<InvertedBatch> {
  const title =
    photos.length === 1
      ? vscode.l10n.t("Inverting {0}", basename(photos[0]?.fsPath ?? ""))
      : vscode.l10n.t("Inverting {0} photos", photos.length);
  const preview = new InversionPreview(context.extension);
  const perceptual = await context.packs.installed();
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  try {
    return await vscode.window.withProgress(options, async (progress, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => {
        cancel.abort();
      });
      const { signal } = cancel;
      const invert = async (photo: vscode.Uri, index: number): Promise<Inverted> => {
        const share = 100 / photos.length;
        preview.clear();
        return invertPhoto(context, photo, {
          overwrite,
          skipDone: isBatch,
          perceptual,
          signal,
          preview,
          report: (message, advance) => {
            progress.report({ message: placed(message, photo, index), increment: advance * share });
          },
        });
      };
      const summary = withFailures(await runBatch(photos, invert, signal));
      if (photos.length === 1 || (signal.aborted && summary.done.length === 0)) return summary;
      progress.report({ message: vscode.l10n.t("writing the report") });
      // What stopped the inversions is no wish to have no report of them.
      const report = await writeReport(context, named, summary, signal.aborted ? undefined : signal);
      return { ...summary, ...(report && { report }) };
    });
  } finally {
    preview.dispose();
  }

  function placed(message: string, photo: vscode.Uri, index: number): string {
    if (photos.length === 1) return message;
    const name = basename(photo.fsPath);
    return vscode.l10n.t("{0} of {1}, {2}: {3}", index + 1, photos.length, name, message);
  }
}

/** Photos of which some faces were written and others failed are both. */
function withFailures(summary: BatchSummary<vscode.Uri, Inverted>): BatchSummary<vscode.Uri, Inverted> {
  const partly = summary.done.flatMap(({ item, result: { failure } }) =>
    failure === undefined ? [] : [{ item, error: new Error(failure) }],
  );
  return { ...summary, failed: [...summary.failed, ...partly] };
}

/** The latents are there whatever becomes of the report: where it cannot be written, that is told on its own. */
async function writeReport(
  { engine, packs, log }: Context,
  named: readonly string[],
  { done, failed }: BatchSummary<vscode.Uri, Inverted>,
  signal: AbortSignal | undefined,
): Promise<InversionReportFiles | undefined> {
  const first = done[0]?.item ?? failed[0]?.item;
  const output = folderSetting("outputFolder", first);
  try {
    return await engine.ask(
      EngineRequests.writeInversionReport,
      {
        named,
        ...(output === undefined ? {} : { output }),
        model: packs.chosen(first),
        photos: done.map(({ item, result }) => ({
          path: item.fsPath,
          latents: result.latents.map(({ fsPath }) => fsPath),
        })),
        failed: failed.map(({ item, error }) => ({ path: item.fsPath, message: sentence(error) })),
      },
      signal === undefined ? {} : { signal },
    );
  } catch (error) {
    if (signal?.aborted === true) return undefined;
    log.error(sentence(error));
    void vscode.window.showErrorMessage(sentence(error));
    return undefined;
  }
}
