import { stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { documentSuffix, RfmError, systemCode, type LatentDocument } from "../files";
import { openModel, readTunedFile, TunedPack, type Model, type WeightDeltas } from "../models";
import { codeIdentities } from "./codeIdentity";

/** Where the tuned weights of a latent go: `NAME.tuned.safetensors` beside `NAME.latent.json`. */
export function tunedPath(document: string): string {
  return join(dirname(document), `${basename(document, documentSuffix("latent"))}.tuned.safetensors`);
}

/** The file of tuned weights that a latent names. @throws RfmError("document") where it lies outside of the latent's folder. */
export function namedTunedPath(tuned: { readonly path: string }, document: string): string {
  const folder = resolve(dirname(document));
  const path = resolve(folder, tuned.path);
  const inside = relative(folder, path);
  // A backslash is a separator on one system and a letter on another: it is none of ours.
  if (
    isAbsolute(tuned.path) ||
    isAbsolute(inside) ||
    /^\.\.?(\/|\\|$)|^$|\\/.test(tuned.path) ||
    inside.startsWith("..")
  ) {
    throw new RfmError(
      "document",
      `${document} names tuned weights outside of its folder (${tuned.path}); put the file beside the latent and name it alone.`,
    );
  }
  return path;
}

/**
 * What a latent adds to the weights of its model's generator.
 *
 * @param path of the document.
 * @throws RfmError("file" | "checkpoint" | "model" | "document") where the file is not there, broken, or another one's.
 */
export async function readTunedWeights(
  document: LatentDocument,
  path: string,
  model: Model,
): Promise<WeightDeltas | undefined> {
  const { tuned } = document;
  if (tuned === undefined) return undefined;
  const file = namedTunedPath(tuned, path);
  await stat(file).catch((cause: unknown) => {
    if (systemCode(cause) !== "ENOENT") return;
    throw new RfmError(
      "file",
      `${file}, which makes the face of ${path} match its photo, is not there; put it back, match the face again, or set the likeness to 0.`,
      { cause },
    );
  });
  return readTunedFile(file, model.pack, codeIdentities(document), tuned.sha256);
}

/** The model with its generator moved so far towards the tuned one; the caller's to dispose. @param amount 0 to 1 */
export function openTunedModel(model: Model, deltas: WeightDeltas, amount: number): Promise<Model> {
  const base = model.pack instanceof TunedPack ? model.pack.base : model.pack;
  return openModel(new TunedPack(base, deltas, amount), model.runtime);
}
