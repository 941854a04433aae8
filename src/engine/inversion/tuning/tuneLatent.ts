import { basename, dirname } from "node:path";
import { readFileBounded, RfmError, sha256, systemCode, writeFileAtomically } from "../../files";
import type { LatentDocument, TunedRecord } from "../../files";
import { codeIdentity, latentCode, tunedPath } from "../../latents";
import { tunedFileBytes } from "../../models";
import { CheckpointFile } from "../checkpoint";
import type { InversionHooks } from "../method";
import type { TuningOptions } from "./options";
import { photoFace } from "./photoFace";
import type { Tuner, TuningResult } from "./tuner";

/** More tunings than this of one face are a mistake. */
const MAXIMUM_COPIES = 1000;

/** A latent and where it is, or will be. */
export interface PlacedLatent {
  readonly document: LatentDocument;
  readonly path: string;
}

/** How it is tuned, and what becomes of older weights. */
export interface TuneLatentOptions extends TuningOptions {
  /** Weights of that name are replaced; else new ones get a number, so that documents which name the old ones keep them. */
  readonly overwrite?: boolean;
}

/** What {@link tuneLatent} has done. */
export interface TunedLatent {
  /** For the document, which it does not change. */
  readonly tuned: TunedRecord;
  /** Where the weights were written. */
  readonly path: string;
  readonly result: TuningResult;
}

/**
 * Tunes the generator to the face of a latent's photo and writes the weights beside the latent. A tuning that was stopped or
 * killed goes on from a hidden file there, to the same bytes as one that was not; the file goes when the weights are written.
 *
 * @throws RfmError where the photo is gone, the latent is another model's or nothing can be written.
 * @throws CancelledError where the signal is aborted before the first step.
 */
export async function tuneLatent(
  { document, path }: PlacedLatent,
  tuner: Tuner,
  options: TuneLatentOptions = {},
  hooks: InversionHooks = {},
): Promise<TunedLatent> {
  const { overwrite = false, ...tuning } = options;
  const { model, faceNets } = tuner;
  const w = latentCode(document, path, model);
  const face = await photoFace(document, path, model, faceNets, hooks.signal);
  const checkpoint = hooks.checkpoint ?? checkpointOf({ document, path }, tuner, tuning);
  const result = await tuner.tune({ ...face, w }, tuning, { ...hooks, checkpoint });
  const { deltas, shapes, steps, metrics, others } = result;
  const told = {
    // Equal pictures have no finite PSNR; a document holds finite numbers only.
    psnr: Math.min(metrics.psnr, 99),
    ...(Number.isFinite(metrics.ssim) ? { ssim: metrics.ssim } : {}),
    identity: metrics.identity,
  };
  const bytes = tunedFileBytes(
    deltas,
    shapes,
    { model: model.sha256, latent: codeIdentity(document.w) },
    { modelName: model.name, steps: String(steps), metrics: JSON.stringify(told) },
  );
  const hash = sha256(bytes);
  const file = await freePath(tunedPath(path), hash, bytes.length, overwrite);
  await writeFileAtomically(file, bytes);
  // What was stopped can be gone on with; what is done cannot.
  if (!result.cancelled) await checkpoint.clear();
  const tuned: TunedRecord = {
    path: basename(file),
    sha256: hash,
    amount: 1,
    steps,
    metrics: told,
    ...(others === undefined ? {} : { others }),
  };
  return { tuned, path: file, result };
}

/** Named after the photo, as an inversion's is: the latent may be moved, or made again under another name. */
function checkpointOf(
  { document, path }: PlacedLatent,
  tuner: Tuner,
  options: TuningOptions,
): CheckpointFile {
  const { source, inversion, w } = document;
  const work = {
    tuning: tuner.fingerprint(options),
    latent: codeIdentity(w),
    photo: source?.sha256,
    quad: source?.quad,
    occlusion: inversion?.occlusion,
  };
  return new CheckpointFile(
    dirname(path),
    `${basename(source?.path ?? path)}-${(source?.face ?? 0) + 1}`,
    work,
  );
}

/** The path, or the first one with a number that is free or holds the same bytes. */
async function freePath(path: string, hash: string, bytes: number, overwrite: boolean): Promise<string> {
  const suffix = ".tuned.safetensors";
  const stem = path.slice(0, -suffix.length);
  for (let copy = 1; copy < MAXIMUM_COPIES && !overwrite; copy++) {
    const candidate = copy === 1 ? path : `${stem} (${copy})${suffix}`;
    const present = await hashOf(candidate, bytes);
    if (present === undefined || present === hash) return candidate;
  }
  return path;
}

/** The hash of a file; "" where it cannot be equal, undefined where there is none. */
async function hashOf(path: string, bytes: number): Promise<string | undefined> {
  try {
    return sha256(await readFileBounded(path, bytes));
  } catch (error) {
    const cause: unknown = error instanceof RfmError ? error.cause : error;
    return systemCode(cause) === "ENOENT" ? undefined : "";
  }
}
