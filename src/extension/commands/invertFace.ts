import * as vscode from "vscode";
import type { Context } from "../context";
import { STUDIO } from "../contributions";
import { sentence } from "../engine/failure";
import { askAboutExisting, choosePhotos, existingLatents } from "../photos/choose";
import { invertAll, type InvertedBatch } from "../photos/invertBatch";
import { showSheet } from "../photos/showSheet";
import { mayUseModels } from "../packs/mayUse";

/**
 * Inverts the faces of photos, one photo after the other. A photo that fails does not stop the others; at the end all failures
 * are told, and of several photos there is a report. Of a folder or several photos those that were inverted in the same
 * way before are left alone, and nothing is replaced; of a single one the person is asked.
 */
export async function invertFace(context: Context, file?: vscode.Uri, files?: vscode.Uri[]): Promise<void> {
  const chosen = await choosePhotos(context, file, files);
  const [photo] = chosen.photos;
  if (photo === undefined) return;
  const [existing] = chosen.isBatch ? [] : await existingLatents(photo);
  const decision = existing === undefined ? "keepBoth" : await askAboutExisting(existing);
  if (decision === undefined) return;
  if (decision === "open") {
    await openInStudio(existing);
    return;
  }
  if (!(await mayUseModels(context, chosen.photos))) return;
  await tell(context, await invertAll(context, { ...chosen, overwrite: decision === "overwrite" }));
}

/** Opens the result of a single photo; tells the result of several; lists every failure in its own sentence. */
async function tell({ log }: Context, batch: InvertedBatch): Promise<void> {
  const { done, failed, left } = batch;
  const latents = done.flatMap(({ result }) => result.latents);
  for (const { error } of failed) log.error(sentence(error));
  const single = new Set([...done, ...failed].map(({ item }) => item)).size + left.length === 1;
  const isKnown = done.some(({ result }) => result.known > 0);
  if (single) await openInStudio(latents[0]);
  if (single && failed.length === 0 && !isKnown) return;
  const actions: Action[] = [];
  const { report } = batch;
  if (report !== undefined) {
    actions.push({ title: vscode.l10n.t("Show Report"), run: () => showSheet(report) });
  }
  if (latents.length > 0 && !single) {
    actions.push({ title: vscode.l10n.t("Open in Studio"), run: () => openAll(latents) });
  }
  if (failed.length > 0) {
    actions.push({
      title: vscode.l10n.t("Show Log"),
      run: () => {
        log.show();
      },
    });
  }
  const show = failed.length > 0 ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  const told = [...(single && !isKnown ? [] : countsOf(batch)), ...failuresOf(batch)].join(" ");
  const chosen = await show(told, ...actions.map(({ title }) => title));
  await actions.find(({ title }) => title === chosen)?.run();
}

interface Action {
  readonly title: string;
  readonly run: () => Promise<void> | void;
}

function countsOf({ done, left }: InvertedBatch): string[] {
  const latents = done.reduce((sum, { result }) => sum + result.latents.length, 0);
  const known = done.reduce((sum, { result }) => sum + result.known, 0);
  const told: string[] = [];
  if (latents > known) told.push(vscode.l10n.t("Faces inverted: {0}.", latents - known));
  if (known > 0) told.push(vscode.l10n.t("Faces that had been inverted before: {0}.", known));
  if (left.length > 0) told.push(vscode.l10n.t("Photos not begun: {0}.", left.length));
  return told;
}

/** The first failures in their own sentences: more would not fit. */
function failuresOf({ failed }: InvertedBatch): string[] {
  const told = failed.slice(0, MOST_FAILURES).map(({ error }) => sentence(error));
  const more = failed.length - told.length;
  return more > 0 ? [...told, vscode.l10n.t("{0} more failures are in the log.", more)] : told;
}

const MOST_FAILURES = 3;

/** No more Studios than this are opened at once. */
const MOST_STUDIOS = 8;

async function openAll(latents: readonly vscode.Uri[]): Promise<void> {
  for (const latent of latents.slice(0, MOST_STUDIOS)) await openInStudio(latent);
}

async function openInStudio(latent: vscode.Uri | undefined): Promise<void> {
  if (latent !== undefined) await vscode.commands.executeCommand("vscode.openWith", latent, STUDIO);
}
