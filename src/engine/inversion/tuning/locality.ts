import { seedsToZ } from "../../latents";
import type { Model } from "../../models";
import { psnr } from "../metrics";

/** Other faces that must stay as they are; one of them is looked at in each step. */
const FACES = 16;
/** They lie this far on the way from the face to those of the seeds: near it, where the change would reach first. */
const NEAREST = 0.3;

/** A code beside the one that is tuned, and the face that it draws without tuning. */
export interface Anchor {
  /** w+ [L,D]. */
  readonly w: Float32Array;
  /** [3,S,S], not clipped. */
  readonly x: Float32Array;
}

/**
 * Faces around a code whose change is held against the tuning (Roich et al. 2021, section 3.2): w + t (w_z - w) for codes
 * w_z of seeds, drawn by the untuned generator. Roich et al. go a fixed length from w; what length is near depends on the
 * model, so here t goes from {@link NEAREST} to 1 evenly.
 *
 * @param w the code [L,D] that is tuned.
 * @returns nothing where the model has no way from seeds to codes.
 */
export async function anchorsAround(
  model: Model,
  w: Float32Array,
  seed: number,
  signal?: AbortSignal,
): Promise<Anchor[]> {
  if (!model.hasMapping) return [];
  const { codeSize, pictureSize, zDimension } = model;
  const seeds = Array.from({ length: FACES }, (_, i) => seed + i);
  const codes = await model.map(seedsToZ(seeds, zDimension), signal === undefined ? {} : { signal });
  for (let face = 0; face < FACES; face++) {
    const t = NEAREST + ((1 - NEAREST) * face) / (FACES - 1);
    for (let i = 0; i < codeSize; i++) {
      const at = face * codeSize + i;
      const from = w[i] ?? 0;
      codes[at] = from + t * ((codes[at] ?? 0) - from);
    }
  }
  const pictures = await model.synthesize(codes, FACES, signal === undefined ? {} : { signal });
  return seeds.map((_, face) => ({
    w: codes.slice(face * codeSize, (face + 1) * codeSize),
    x: pictures.slice(face * pictureSize, (face + 1) * pictureSize),
  }));
}

/** So many faces of further seeds are looked at to tell how much others have changed. */
const WITNESSES = 16;
/** Their seeds lie this far behind those of the anchors, which the tuning has seen. */
const WITNESSES_FROM = 100_000;

/**
 * How much tuning has changed other people's faces: the mean PSNR in dB of faces of seeds that the tuning never saw, drawn
 * by the tuned generator, against the untuned one's.
 *
 * @returns undefined where the model has no way from seeds to codes.
 */
export async function changeOfOthers(model: Model, tuned: Model, seed: number): Promise<number | undefined> {
  if (!model.hasMapping) return undefined;
  const { pictureSize, zDimension } = model;
  const seeds = Array.from({ length: WITNESSES }, (_, i) => seed + WITNESSES_FROM + i);
  const w = await model.map(seedsToZ(seeds, zDimension));
  if (model.isLarge) await tuned.rest();
  const before = await model.synthesize(w, WITNESSES);
  if (model.isLarge) await model.rest();
  const after = await tuned.synthesize(w, WITNESSES);
  const each = seeds.map((_, face) => {
    const [start, end] = [face * pictureSize, (face + 1) * pictureSize];
    // Equal pictures have no finite PSNR.
    return Math.min(99, psnr(after.subarray(start, end), before.subarray(start, end)));
  });
  return each.reduce((sum, value) => sum + value, 0) / WITNESSES;
}
