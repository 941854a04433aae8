import * as vscode from "vscode";
import { ImportRequests, type FittedPack, type PackEntry } from "../../protocol/imports";
import type { Context } from "../context";
import { withNotification } from "../progress";

/** Faces to learn from: a look, what does for most models, and what is left to gain. */
const CHOICES = [2_000, 6_000, 20_000] as const;
const USUAL = 6_000;

/** Whether an encoder can be fitted to a pack: it draws faces of seeds, and has none. */
export function lacksEncoder({ generator }: PackEntry): boolean {
  return generator !== undefined && !generator.hasEncoder && generator.hasMapping;
}

/** Asks how thoroughly, fits an encoder to a model, adds it to its pack, and tells how good it is. */
export async function fitEncoderTo(context: Context, { folder, name }: PackEntry): Promise<void> {
  const samples = await askSamples(name);
  if (samples === undefined) return;
  const fitted = await withNotification(vscode.l10n.t("Fitting an encoder to {0}", name), (working) =>
    context.engine.ask(
      ImportRequests.fitEncoder,
      { folder, samples },
      { ...working, activity: vscode.l10n.t("fitting an encoder") },
    ),
  );
  context.models.refresh();
  void vscode.window.showInformationMessage(describeFitted(fitted));
}

/** What the fit gave, in a sentence: errors on faces that took no part in it. */
export function describeFitted({ pack, heldOut, codeError, pictureError }: FittedPack): string {
  return vscode.l10n.t(
    "{0} has an encoder now. On {1} held-out faces its code is off by {2} of what the average code is, and the picture drawn from it by {3}.",
    pack.name,
    heldOut,
    percent(codeError),
    percent(pictureError),
  );
}

async function askSamples(name: string): Promise<number | undefined> {
  const items = CHOICES.map((samples) => ({
    label: vscode.l10n.t("{0} faces", samples),
    description: samples === USUAL ? vscode.l10n.t("usual") : "",
    samples,
  }));
  // The usual choice is the one that Enter takes.
  const [usual, others] = [
    items.filter(({ samples }) => samples === USUAL),
    items.filter(({ samples }) => samples !== USUAL),
  ];
  const picked = await vscode.window.showQuickPick([...usual, ...others], {
    title: vscode.l10n.t("Fit an Encoder to {0}", name),
    placeHolder: vscode.l10n.t("From how many drawn faces? More are more exact and take longer."),
    ignoreFocusOut: true,
  });
  return picked?.samples;
}

const percent = (share: number): string => `${Math.round(100 * share)}%`;
