import { basename, dirname, relative, sep } from "node:path";
import {
  alignmentQuad,
  cropQuad,
  decodePicture,
  doubtSentence,
  faceDoubts,
  fromTensor,
  identityDistance,
  toTensor,
  type Face,
  type Picture,
  type Quad,
} from "../../faces";
import {
  CancelledError,
  RfmError,
  sha256,
  sha256OfFile,
  throwIfCancelled,
  writeDocument,
  type LatentDocument,
  type RunBlock,
} from "../../files";
import type { Perceptual } from "../../models";
import { CheckpointFile } from "../checkpoint";
import { latentDocument } from "../documents/latentDocument";
import type { FaceInverter, InversionHooks, InversionResult, LossParts } from "../method";
import { perceptualDistance } from "../metrics";
import { knownLatents, type KnownLatent } from "./knownLatents";
import { latentPaths } from "./latentPaths";

/** A larger crop than the model's, from which the recognition net sees who it is. */
const IDENTITY_SIZE = 256;

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
  /** Of the method. */
  readonly inversion?: Options;
  /** LPIPS: reconstructions are measured by it as well. */
  readonly perceptual?: Perceptual | undefined;
  /**
   * Leave a photo alone whose faces were all inverted by the same work before, and their latents are done by this measure.
   * Default: invert again.
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
  /** Latents of an earlier run that were left as they are; then there are no others. */
  readonly known: readonly KnownLatent[];
  /** Stopped on the way: the last face has its best so far, further ones are missing. */
  readonly cancelled: boolean;
}

/**
 * From a photo to latents: decode, detect, align, invert and write one document a face.
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
  const known =
    options.skipDone && (await knownLatents({ path, sha256: hash }, folder, work, options.skipDone));
  if (known !== undefined) return { faces: [], known, cancelled: false };
  const photo = await decodePicture(path, signal === undefined ? {} : { signal });
  report("detect", 0, 0);
  const found = await inverter.faceNets.detect(photo, {}, signal);
  if (found.length === 0) {
    throw new RfmError(
      "no-face",
      `${path} shows no face that could be found; give a photo in which a face looks roughly at the camera.`,
    );
  }
  const paths = await latentPaths(path, folder, found.length, options.overwrite ?? false);
  const faces: InvertedFace[] = [];
  for (const [index, face] of found.entries()) {
    const document = paths[index] ?? "";
    try {
      throwIfCancelled(signal);
      const job = new FaceJob(inverter, { path, sha256: hash, photo }, face, index, found.length, hooks);
      faces.push(await job.run(document, options));
    } catch (error) {
      // Faces that are already written are worth keeping.
      if (error instanceof CancelledError && faces.length > 0) return { faces, known: [], cancelled: true };
      throw error;
    }
  }
  return { faces, known: [], cancelled: faces.some(({ result }) => result.cancelled) };
}

/** Names everything besides the photo and its face that a latent depends on. @throws RfmError("usage") */
function workOf<Options>(inverter: FaceInverter<Options>, options: Options | undefined): string {
  const { model, method } = inverter;
  const { sha256: identity, manifest } = model.pack;
  const fingerprint = inverter.fingerprint(options);
  return sha256(JSON.stringify([identity, manifest.build.key, method, fingerprint]));
}

interface Photo {
  readonly path: string;
  readonly sha256: string;
  readonly photo: Picture;
}

/** The way of one face from its landmarks to its document. */
class FaceJob<Options> {
  constructor(
    readonly inverter: FaceInverter<Options>,
    readonly source: Photo,
    readonly face: Face,
    readonly index: number,
    readonly count: number,
    readonly hooks: PhotoHooks,
  ) {}

  async run(documentPath: string, options: InvertPhotoOptions<Options>): Promise<InvertedFace> {
    const began = performance.now();
    const { model, faceNets } = this.inverter;
    const { photo } = this.source;
    this.#report("align");
    const quad = alignmentQuad(this.face.landmarks, model.alignment);
    const crop = cropQuad(photo, quad, model.resolution);
    this.#report("encode", { crop });
    const detailed = cropQuad(photo, quad, IDENTITY_SIZE);
    const doubts = faceDoubts({ photo, face: this.face, quad, crop: detailed }, model.resolution).map(
      doubtSentence,
    );
    for (const doubt of doubts) this.#report("encode", { doubt });
    const embedding = await faceNets.embedCrops(toTensor(detailed), 1, model.alignment, this.hooks.signal);
    const checkpoint = this.#checkpoint(dirname(documentPath), options.inversion);
    const result = await this.inverter.invert({ x: toTensor(crop), embedding }, options.inversion, {
      ...this.#hooks(model.resolution),
      checkpoint,
    });
    this.#report("write");
    const found = await faceNets.embedCrops(clipped(result.reconstruction), 1, model.alignment);
    const seconds = (performance.now() - began) / 1000;
    const document = latentDocument({
      model,
      source: this.#photoSource(documentPath, quad),
      method: this.inverter.method,
      // What was stopped is not done.
      work: result.cancelled ? undefined : workOf(this.inverter, options.inversion),
      result: { ...result, notes: [...doubts, ...result.notes] },
      identity: identityDistance(embedding, found),
      lpips: await this.#lpips(options.perceptual, result.reconstruction, toTensor(crop)),
      run: { ...options.run, seconds },
    });
    await writeDocument(documentPath, document);
    // What was stopped can be gone on with; what is done cannot.
    if (!result.cancelled) await checkpoint.clear();
    const reconstruction = fromTensor(result.reconstruction, model.resolution);
    return { path: documentPath, face: this.index, document, crop, reconstruction, result, seconds };
  }

  async #lpips(
    perceptual: Perceptual | undefined,
    reconstruction: Float32Array,
    crop: Float32Array,
  ): Promise<number | undefined> {
    const side = this.inverter.model.resolution;
    return perceptual && (await perceptualDistance(perceptual, reconstruction, crop, [side, side]));
  }

  #checkpoint(folder: string, options: Options | undefined): CheckpointFile {
    const { inverter, source, index } = this;
    const work = { photo: source.sha256, face: index, work: workOf(inverter, options) };
    return new CheckpointFile(folder, `${basename(source.path)}-${index + 1}`, work);
  }

  #hooks(resolution: number): InversionHooks {
    return {
      signal: this.hooks.signal,
      onProgress: ({ iteration, iterations, loss, losses, preview, resumed, note }) => {
        this.#report("optimise", {
          iteration,
          iterations,
          ...(Number.isFinite(loss) ? { loss } : {}),
          ...(losses && { losses }),
          ...(preview && { preview: fromTensor(preview, resolution) }),
          ...(resumed && { resumed }),
          ...(note !== undefined && { note }),
        });
      },
    };
  }

  #photoSource(documentPath: string, quad: Quad): LatentDocument["source"] & object {
    return {
      path: relative(dirname(documentPath), this.source.path).split(sep).join("/"),
      sha256: this.source.sha256,
      face: this.index,
      faces: this.count,
      landmarks: this.face.landmarks,
      quad,
    };
  }

  #report(phase: InversionPhase, changes: Partial<PhotoProgress> = {}): void {
    this.hooks.onProgress?.({
      phase,
      face: this.index,
      faces: this.count,
      iteration: 0,
      iterations: 0,
      ...changes,
    });
  }
}

function clipped(x: Float32Array): Float32Array {
  return x.map((value) => Math.min(1, Math.max(-1, value)));
}
