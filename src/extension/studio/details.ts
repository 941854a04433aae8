import * as vscode from "vscode";
import type { Detail, EditRow } from "../../protocol/webview";
import type { TunedRecord } from "../../engine/files";
import type { OpenedLatent } from "../../protocol/engine";
import { attributeName } from "./attributeNames";
import type { Edits } from "./edits";
import { leftOutPercent } from "./occluders";

/** The measured facts of a latent, in words. @param tuned of its match, where the face was matched */
export function describeDetails(opened: OpenedLatent, tuned?: TunedRecord): Detail[] {
  const { metrics, inversion, source, model, norm, run } = opened.details;
  const facts: (Detail | undefined)[] = [
    fact(vscode.l10n.t("Model"), model.name, vscode.l10n.t("SHA-256 of its weights: {0}", model.sha256)),
    fact(vscode.l10n.t("Photo"), source?.path),
    fact(vscode.l10n.t("Face"), source === undefined ? undefined : String(source.face + 1)),
    fact(
      "PSNR",
      decibels(metrics?.psnr),
      vscode.l10n.t("How close the reconstruction's pixels are to the photo's; higher is closer."),
    ),
    fact("SSIM", metrics?.ssim?.toFixed(3), vscode.l10n.t("Likeness of structure, up to 1.")),
    fact(
      "LPIPS",
      metrics?.lpips?.toFixed(3),
      vscode.l10n.t("How different both look to a trained net, from 0; lower is more alike."),
    ),
    fact(
      vscode.l10n.t("Identity distance"),
      metrics?.identity?.toFixed(3),
      vscode.l10n.t(
        "Distance of the recognition net's embeddings; below 0.6 it takes both for the same person.",
      ),
    ),
    fact(
      vscode.l10n.t("Matched PSNR"),
      decibels(tuned?.metrics?.psnr),
      vscode.l10n.t("How close the matched face's pixels are to the photo's, at likeness 1."),
    ),
    fact(
      vscode.l10n.t("Matched identity distance"),
      tuned?.metrics?.identity?.toFixed(3),
      vscode.l10n.t("How close the matched face is to the photo for the recognition net, at likeness 1."),
    ),
    fact(
      vscode.l10n.t("Others unchanged"),
      decibels(tuned?.others),
      vscode.l10n.t("How close other people's faces stay to themselves at likeness 1."),
    ),
    fact(
      vscode.l10n.t("Norm"),
      norm.toFixed(1),
      vscode.l10n.t(
        "Euclidean length of the latent's {0} layers; small is natural and edits well.",
        opened.layers,
      ),
    ),
    fact(vscode.l10n.t("Method"), inversion && methodName(inversion.method)),
    fact(vscode.l10n.t("Optimisation steps"), inversion?.iterations.toString()),
    fact(
      vscode.l10n.t("Left out"),
      inversion?.occlusion && leftOutPercent(inversion.occlusion),
      vscode.l10n.t("Share of the photo that hides the face or cannot be drawn, and did not count."),
    ),
    fact(vscode.l10n.t("Seconds"), run.seconds?.toFixed(1)),
    fact(vscode.l10n.t("Provider"), run.provider),
    ...(inversion?.notes ?? []).map((note) => fact(vscode.l10n.t("Note"), note)),
  ];
  return facts.filter((found) => found !== undefined);
}

function methodName(method: string): string {
  if (method === "fast") return vscode.l10n.t("fast");
  return method === "rfm" ? vscode.l10n.t("RFM's own") : method;
}

/** The applied edits, in words. @param layerCount rows of the model's codes; where it is one, layers are not told */
export function describeEdits(edits: Edits, layerCount: number): EditRow[] {
  return edits.map(({ direction, amount, layers, muted }) => ({
    id: direction.sha256,
    name: attributeName(direction.name),
    amount: `${amount > 0 ? "+" : ""}${amount.toFixed(2)} σ`,
    ...(layerCount === 1 ? {} : { layers: vscode.l10n.t("layers {0}–{1}", layers[0], layers[1]) }),
    muted,
  }));
}

function fact(label: string, value: string | undefined, hint?: string): Detail | undefined {
  if (value === undefined) return undefined;
  return hint === undefined ? { label, value } : { label, value, hint };
}

const decibels = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : `${value.toFixed(2)} dB`;
