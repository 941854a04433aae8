import { seedsToZ } from "../../latents";
import type { Model } from "../../models";
import { psnr } from "../metrics";

/** Faces to choose a start from where there is no encoder. */
const STARTS = 64;

/**
 * Where an inversion begins: the encoder's code of the crop; without an encoder the likest of 64 seeded faces; without a
 * mapping network, too, the average code.
 *
 * @param x the crop [3, S, S] in [-1, 1].
 * @param seed the first of the 64.
 * @returns w+ [L, D].
 */
export async function startCode(
  model: Model,
  x: Float32Array,
  seed: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  if (model.hasEncoder) return model.encode(x, 1, signal);
  if (!model.hasMapping) return averageCode(model);
  const { codeSize, pictureSize, zDimension, largestBatch } = model;
  const seeds = Array.from({ length: STARTS }, (_, i) => seed + i);
  const w = await model.map(seedsToZ(seeds, zDimension));
  let best = { row: 0, likeness: -Infinity };
  // As many at once as are drawn at once: all of them at 1024 pixels would take 800 MB.
  for (let first = 0; first < STARTS; first += largestBatch) {
    const codes = w.subarray(first * codeSize, Math.min(STARTS, first + largestBatch) * codeSize);
    const count = codes.length / codeSize;
    const pictures = await model.synthesize(codes, count, signal === undefined ? {} : { signal });
    for (let i = 0; i < count; i++) {
      const likeness = psnr(pictures.subarray(i * pictureSize, (i + 1) * pictureSize), x);
      if (likeness > best.likeness) best = { row: first + i, likeness };
    }
  }
  return w.slice(best.row * codeSize, (best.row + 1) * codeSize);
}

/** The average code of a model in all rows, [L, D]. */
export function averageCode(model: Model): Float32Array {
  const { average, codeSize } = model;
  const code = new Float32Array(codeSize);
  for (let at = 0; at < codeSize; at += average.length) code.set(average, at);
  return code;
}
