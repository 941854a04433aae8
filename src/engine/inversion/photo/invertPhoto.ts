import { dirname } from "node:path";
import { decodePicture, type Picture } from "../../faces";
import {
  CancelledError,
  RfmError,
  sha256OfFile,
  throwIfCancelled,
  type LatentDocument,
  type RunBlock,
} from "../../files";
import type { Perceptual } from "../../models";
import type { FaceInverter, InversionResult, LossParts } from "../method";
import { FaceJob } from "./faceJob";
import { areAll, knownLatents, type KnownLatent } from "./knownLatents";
import { LatentNames } from "./latentNames";
import { workOf } from "./work";

export type InversionPhase = "decode" | "detect" | "align" | "encode" | "optimise" | "write";

export interface PhotoProgress {
  readonly phase: InversionPhase;
  /** From 0. */
  readonly face: number;
  /** 0 while they are not counted yet. */
  readonly faces: number;
  readonly iteration: number;
  readonly iterations: number;
  readonly loss?: number;
  readonly losses?: LossParts;
  /** Said once a face, where the work goes on from what an earlier run had kept. */
  readonly resumed?: true;
  /** A sentence that people should read. */
  readonly note?: string;
  /** A sentence on this face, once for each: why its latent may look unlike it. */
  readonly doubt?: string;
  /** The aligned crop, once a face. */
  readonly crop?: Picture;
  /** The reconstruction so far, every few steps. */
  readonly preview?: Picture;
}

export interface PhotoHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PhotoProgress) => void) | undefined;
}

export interface InvertPhotoOptions<Options> {
  /** For the latents; default beside the photo. */
  readonly outputFolder?: string;
  /** Replace latents of the same names; else new ones get a number. Default false. */
  readonly overwrite?: boolean;
  /** Of a batch: what it has written, which is not replaced even so. What is written is added. */
  readonly written?: Set<string>;
  /** Of the method. */
  readonly inversion?: Options;
  /** LPIPS: reconstructions are measured by it as well. */
  readonly perceptual?: Perceptual | undefined;
  /**
   * Leave faces alone that were inverted by the same work before, and whose latents are done by this measure. Default: invert
   * again.
   */
  readonly skipDone?: ((document: LatentDocument) => boolean) | undefined;
  /** Goes into the documents; the seconds are filled in. */
  readonly run: RunBlock;
}

/** One face of a photo, inverted and written. */
export interface InvertedFace {
  readonly path: string;
  /** From 0, the largest first. */
  readonly face: number;
  readonly document: LatentDocument;
  readonly crop: Picture;
  readonly reconstruction: Picture;
  readonly result: InversionResult;
  readonly seconds: number;
}

export interface InvertedPhoto {
  readonly faces: readonly InvertedFace[];
  /** Latents of an earlier run that were left as they are. */
  readonly known: readonly KnownLatent[];
  /** Stopped on the way: the last face has its best so far, further ones are missing. */
  readonly cancelled: boolean;
  /** What went wrong after some faces were written: further ones are missing. */
  readonly failure?: Error;
}

/**
 * From a photo to latents: decode, detect, align, invert and write one document a face. A face that an earlier run began is
 * gone on with, and its latent takes the place of what that run had of it.
 *
 * @throws RfmError("picture" | "file") for a file that is no readable picture, RfmError("no-face") where it shows none.
 * @throws CancelledError where the signal is aborted before a first face has anything to keep.
 */
export async function invertPhoto<Options>(
  path: string,
  inverter: FaceInverter<Options>,
  options: InvertPhotoOptions<Options>,
  hooks: PhotoHooks = {},
): Promise<InvertedPhoto> {
  const { signal } = hooks;
  const report = (phase: InversionPhase, face: number, faces: number): void =>
    hooks.onProgress?.({ phase, face, faces, iteration: 0, iterations: 0 });
  report("decode", 0, 0);
  const folder = options.outputFolder ?? dirname(path);
  const hash = await sha256OfFile(path, signal);
  const work = workOf(inverter, options.inversion);
  const photo = { path, sha256: hash };
  const before = options.skipDone
    ? await knownLatents(photo, folder, work, options.skipDone)
    : new Map<number, KnownLatent>();
  if (areAll(before)) return { faces: [], known: inOrder(before), cancelled: false };
  const picture = await decodePicture(path, signal === undefined ? {} : { signal });
  report("detect", 0, 0);
  const found = await inverter.faceNets.detect(picture, {}, signal);
  if (found.length === 0) {
    throw new RfmError(
      "no-face",
      `${path} shows no face that could be found; give a photo in which a face looks roughly at the camera.`,
    );
  }
  const count = found.length;
  const known = new Map([...before].filter(([, { document }]) => document.source?.faces === count));
  const jobs = found.flatMap((face, index) =>
    known.has(index)
      ? []
      : [new FaceJob(inverter, { ...photo, photo: picture }, face, index, count, folder, options, hooks)],
  );
  const names = new LatentNames(
    { photo: path, folder, count, faces: jobs.map(({ index }) => index) },
    {
      overwrite: options.overwrite,
      given: options.written,
      replaces: async (at, face) => (await jobs.find(({ index }) => index === face)?.goesOnFrom(at)) ?? false,
    },
  );
  return { ...(await invertFaces(jobs, names, known.size > 0, signal)), known: inOrder(known) };
}

/**
 * Faces that are already written are worth keeping, whatever becomes of further ones.
 *
 * @param hasKnown whether there are some of an earlier run
 */
async function invertFaces<Options>(
  jobs: readonly FaceJob<Options>[],
  names: LatentNames,
  hasKnown: boolean,
  signal: AbortSignal | undefined,
): Promise<Omit<InvertedPhoto, "known">> {
  const faces: InvertedFace[] = [];
  for (const job of jobs) {
    try {
      throwIfCancelled(signal);
      faces.push(await job.run(() => names.pathOf(job.index)));
    } catch (error) {
      if ((faces.length === 0 && !hasKnown) || !(error instanceof Error)) throw error;
      const isCancelled = error instanceof CancelledError;
      return { faces, cancelled: isCancelled, ...(isCancelled ? {} : { failure: error }) };
    }
  }
  return { faces, cancelled: faces.some(({ result }) => result.cancelled) };
}

function inOrder(known: ReadonlyMap<number, KnownLatent>): KnownLatent[] {
  return [...known].sort(([a], [b]) => a - b).map(([, latent]) => latent);
}
