import { basename } from "node:path";
import * as vscode from "vscode";
import type { Context } from "../context";
import type { InvertParameters, InvertProgress } from "../../protocol/engine";
import { givenSetting, setting } from "../settings";
import { latentFolder } from "./folders";
import type { InversionPreview } from "./preview";

/** What came of a photo: its latents, one per face. */
export interface Inverted {
  readonly latents: readonly vscode.Uri[];
  /** How many of them had been there before and were left as they are. */
  readonly known: number;
  /** What went wrong after some faces, in a sentence: further ones are missing. */
  readonly failure?: string;
}

export interface InvertPhotoOptions {
  readonly overwrite: boolean;
  /** Leave it alone where its faces were all inverted in the same way before. */
  readonly skipDone: boolean;
  /** Folders of packs among which LPIPS is looked for. */
  readonly perceptual: readonly string[];
  readonly signal: AbortSignal;
  readonly preview: InversionPreview;
  /** `advance`: by how much of this photo, in [0,1], the work went on since the last call. */
  readonly report: (message: string, advance: number) => void;
}

/** Inverts every face of one photo with the settings that hold for it. */
export async function invertPhoto(
  { engine, packs, log }: Context,
  photo: vscode.Uri,
  { overwrite, skipDone, perceptual, signal, preview, report }: InvertPhotoOptions,
): Promise<Inverted> {
  const name = basename(photo.fsPath);
  let reached = 0;
  const onProgress = (progress: InvertProgress): void => {
    const fraction = Math.max(reached, fractionOf(progress));
    const message = describe(progress);
    report(message, fraction - reached);
    reached = fraction;
    if (progress.resumed === true) {
      preview.note(vscode.l10n.t("Goes on from step {0} of an earlier run.", progress.iteration));
    }
    if (progress.note !== undefined) {
      preview.note(progress.note);
      log.info(`${name}: ${progress.note}`);
    }
    if (progress.course !== undefined) preview.follow(progress.course);
    preview.report(`${name}: ${message}`, fraction);
    if (progress.crop !== undefined) preview.show(name, "photo", progress.crop);
    if (progress.preview !== undefined) preview.show(name, "reconstruction", progress.preview);
  };
  const { latents, failure } = await engine.invert(
    {
      path: photo.fsPath,
      output: latentFolder(photo).fsPath,
      model: packs.chosen(photo),
      method: setting("inversion.method", photo),
      perceptual,
      ...given(photo),
      overwrite,
      skipDone,
    },
    signal,
    onProgress,
  );
  const known = latents.filter(({ known }) => known).length;
  if (known > 0) report(vscode.l10n.t("inverted before"), 1 - reached);
  const written = latents.map(({ path }) => vscode.Uri.file(path));
  return { latents: written, known, ...(failure === undefined ? {} : { failure }) };
}

/** What the settings say of the method; where they say nothing, each method has defaults of its own. */
function given(photo: vscode.Uri): Pick<InvertParameters, "iterations" | "beta"> {
  const iterations = givenSetting("inversion.iterations", photo);
  const beta = givenSetting("inversion.regularisation", photo);
  return { ...(iterations === undefined ? {} : { iterations }), ...(beta === undefined ? {} : { beta }) };
}

/** How far a photo has come: nearly all of its time is the optimisation of its faces. */
function fractionOf({ phase, face, faces, iteration, iterations }: InvertProgress): number {
  if (phase !== "optimise" && phase !== "write") return 0;
  const within = phase === "write" ? 1 : iteration / Math.max(1, iterations);
  return (face + within) / Math.max(1, faces);
}

function describe({ phase, face, faces, iteration, iterations, loss }: InvertProgress): string {
  const of = faces > 1 ? vscode.l10n.t("face {0} of {1}, ", face + 1, faces) : "";
  return of + work();

  function work(): string {
    switch (phase) {
      case "decode":
        return vscode.l10n.t("reading the photo");
      case "detect":
        return vscode.l10n.t("looking for faces");
      case "align":
        return vscode.l10n.t("aligning");
      case "encode":
        return vscode.l10n.t("encoding");
      case "optimise":
        return loss === undefined
          ? vscode.l10n.t("step {0} of {1}", iteration, iterations)
          : vscode.l10n.t("step {0} of {1}, loss {2}", iteration, iterations, loss.toFixed(4));
      case "write":
        return vscode.l10n.t("writing");
    }
  }
}
