import { RfmError, throwIfCancelled } from "../../files";
import type { Model } from "../../models";
import type { InversionHooks } from "../method";
import { startCode } from "./startCode";

/** Where an inversion begins. */
export interface Start {
  /** w+ [L,D]. */
  readonly w: Float32Array;
  /** Its picture [3,S,S]. */
  readonly picture: Float32Array;
}

/**
 * Finds where to begin and tells its picture as the first preview: that needs no loss's graph and so comes at once. What
 * draws a large model's pictures is freed for the loop's sake.
 *
 * @param x the crop [3,S,S] in [-1,1]
 * @throws RfmError("usage") where the crop is not of the model's size, CancelledError where the signal is aborted.
 */
export async function begin(
  model: Model,
  x: Float32Array,
  { seed, iterations }: { readonly seed: number; readonly iterations: number },
  hooks: InversionHooks,
): Promise<Start> {
  if (x.length !== model.pictureSize) {
    throw new RfmError(
      "usage",
      `The crop holds ${x.length} numbers but the model ${model.name} draws ${model.pictureSize}; align the photo for this model.`,
    );
  }
  throwIfCancelled(hooks.signal);
  const w = await startCode(model, x, seed, hooks.signal);
  const picture = await model.synthesize(w, 1);
  hooks.onProgress?.({ iteration: 0, iterations, loss: NaN, preview: picture });
  if (model.isLarge) await model.rest();
  return { w, picture };
}
