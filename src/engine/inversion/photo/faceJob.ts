import { basename, dirname, relative, sep } from "node:path";
import {
  alignmentQuad,
  cropQuad,
  doubtSentence,
  faceDoubts,
  fromTensor,
  identityDistance,
  toTensor,
  type Face,
  type Picture,
  type Quad,
} from "../../faces";
import { writeDocument, type LatentDocument } from "../../files";
import type { Perceptual } from "../../models";
import { CheckpointFile, LenientCheckpoint } from "../checkpoint";
import { latentDocument } from "../documents/latentDocument";
import type { FaceInverter, InversionHooks } from "../method";
import { perceptualDistance } from "../metrics";
import { clip } from "../metrics/clip";
import { identityCrop } from "./identityCrop";
import type {
  InvertedFace,
  InvertPhotoOptions,
  PhotoHooks,
  PhotoProgress,
  InversionPhase,
} from "./invertPhoto";
import { readLatent } from "./knownLatents";
import { workOf } from "./work";

/** A decoded photo, by its path and its hash. */
export interface Photo {
  readonly path: string;
  readonly sha256: string;
  readonly photo: Picture;
}

/** The way of one face from its landmarks to its document. */
export class FaceJob<Options> {
  readonly #work: string;
  readonly #checkpoint: CheckpointFile;

  /**
   * @param index which of the photo's faces, from 0
   * @param count of the photo's faces
   * @param folder where its latent goes
   */
  constructor(
    readonly inverter: FaceInverter<Options>,
    readonly source: Photo,
    readonly face: Face,
    readonly index: number,
    readonly count: number,
    folder: string,
    readonly options: InvertPhotoOptions<Options>,
    readonly hooks: PhotoHooks,
  ) {
    this.#work = workOf(inverter, options.inversion);
    // Another provider's numbers are others in the last places: what one has begun, it ends.
    const { provider } = inverter.model.runtime;
    const work = { photo: source.sha256, face: index, work: this.#work, provider };
    this.#checkpoint = new CheckpointFile(folder, `${basename(source.path)}-${index + 1}`, work);
  }

  /** Whether a latent is what an earlier run had of this very face when it was stopped, and nobody has worked on since. */
  async goesOnFrom(path: string): Promise<boolean> {
    const document = await readLatent(path);
    const { source, inversion, edits = [], history = [], tuned } = document ?? {};
    if (source?.sha256 !== this.source.sha256 || source.face !== this.index) return false;
    if (inversion?.method !== this.inverter.method || inversion.work !== undefined) return false;
    if (edits.length + history.length > 0 || tuned !== undefined) return false;
    return this.#checkpoint.exists();
  }

  /** @param pathOf asked when the latent is written: another run may have written meanwhile */
  async run(pathOf: () => Promise<string>): Promise<InvertedFace> {
    const { options } = this;
    const began = performance.now();
    const { model, faceNets } = this.inverter;
    const { photo } = this.source;
    this.#report("align");
    const quad = alignmentQuad(this.face.landmarks, model.alignment);
    const crop = cropQuad(photo, quad, model.resolution);
    this.#report("encode", { crop });
    const detailed = identityCrop(photo, quad);
    const doubts = faceDoubts({ photo, face: this.face, quad, crop: detailed }, model.resolution).map(
      doubtSentence,
    );
    for (const doubt of doubts) this.#report("encode", { doubt });
    const embedding = await faceNets.embedCrops(toTensor(detailed), 1, model.alignment, this.hooks.signal);
    const checkpoint = new LenientCheckpoint(this.#checkpoint);
    const result = await this.inverter.invert({ x: toTensor(crop), embedding }, options.inversion, {
      ...this.#hooks(model.resolution),
      checkpoint,
    });
    this.#report("write");
    const found = await faceNets.embedCrops(result.reconstruction.map(clip), 1, model.alignment);
    const lpips = await this.#lpips(options.perceptual, result.reconstruction, toTensor(crop));
    const documentPath = await pathOf();
    const seconds = (performance.now() - began) / 1000;
    const document = latentDocument({
      model,
      source: this.#photoSource(documentPath, quad),
      method: this.inverter.method,
      // What was stopped is not done.
      work: result.cancelled ? undefined : this.#work,
      result: { ...result, notes: [...doubts, ...result.notes] },
      identity: identityDistance(embedding, found),
      lpips,
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
