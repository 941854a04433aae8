import { openCheckpoint, toFloat32 } from "../checkpoints";
import { RfmError, type LatentDocument, type RunBlock } from "../files";
import { wPlusNorm } from "../latents";
import type { Model } from "../models";
import { onlyTensor } from "./contents";

/** A batch of codes is no list of documents. */
const MOST = 1000;

/**
 * Latents of any repository as documents without a photo: RFM's and MTV-TSA's [1,L,D], Puzer's [L,D], batches [n,L,D].
 *
 * @throws RfmError("checkpoint") where it is no single array, "model" where its shape is not the model's.
 */
export async function importLatents(path: string, model: Model, run: RunBlock): Promise<LatentDocument[]> {
  const { layers, wDimension, codeSize } = model;
  const tensor = onlyTensor(await openCheckpoint(path));
  const { shape } = tensor;
  const count = shape.reduce((product, size) => product * size, 1) / codeSize;
  const fits = shape.at(-1) === wDimension && (layers === 1 || shape.at(-2) === layers);
  if (!fits || !Number.isInteger(count) || count < 1 || count > MOST) {
    throw new RfmError(
      "model",
      `${path} has the shape ${shape.join("x")}, which is no latent of ${model.name} (${layers}x${wDimension}); choose its own model by --model.`,
    );
  }
  const values = toFloat32(await tensor.read());
  if (!values.every(Number.isFinite))
    throw new RfmError("checkpoint", `${path} holds NaN or infinity; get the file again.`);
  return Array.from({ length: count }, (_, index) => {
    const w = values.subarray(index * codeSize, (index + 1) * codeSize);
    return {
      kind: "latent",
      version: 1,
      model: { name: model.name, sha256: model.sha256 },
      space: model.space,
      shape: [layers, wDimension],
      norm: wPlusNorm(w),
      edits: [],
      w: Array.from({ length: layers }, (_, layer) =>
        Array.from(w.subarray(layer * wDimension, (layer + 1) * wDimension)),
      ),
      run,
    };
  });
}
