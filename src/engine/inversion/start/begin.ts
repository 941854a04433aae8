import { RfmError, throwIfCancelled } from "../../files";
import type { Model } from "../../models";
import type { InversionHooks } from "../method";

/**
 * Begins at a code and tells its picture as the first preview: that needs no loss's graph and so comes at once. What
 * draws a large model's pictures is freed for the loop's sake.
 *
 * @param x the crop [3,S,S] in [-1,1]
 * @param code finds where to begin; asked when the crop is known to fit
 * @returns the code, w+ [L,D]
 * @throws RfmError("usage") where the crop is not of the model's size, CancelledError where the signal is aborted.
 */
export async function begin(
  model: Model,
  x: Float32Array,
  { iterations }: { readonly iterations: number },
  hooks: InversionHooks,
  code: () => Promise<Float32Array>,
): Promise<Float32Array> {
  if (x.length !== model.pictureSize) {
    throw new RfmError(
      "usage",
      `The crop holds ${x.length} numbers but the model ${model.name} draws ${model.pictureSize}; align the photo for this model.`,
    );
  }
  throwIfCancelled(hooks.signal);
  const w = await code();
  const picture = await model.synthesize(w, 1);
  hooks.onProgress?.({ iteration: 0, iterations, loss: NaN, preview: picture });
  if (model.isLarge) await model.rest();
  return w;
}
