import { type LatentDocument, RfmError } from "../engine/files";
import type { Model } from "../engine/models";

/**
 * The w+ [L,D] of a latent document, once it is known to be of the model.
 *
 * @throws RfmError("model") for a latent of another model or shape, or in the space z.
 */
export function openLatent(document: LatentDocument, path: string, model: Model): Float32Array {
  if (document.model.sha256 !== model.sha256) {
    throw new RfmError(
      "model",
      `${path} is a latent of the model ${document.model.name}, not of ${model.name}; name its model's folder by --model.`,
    );
  }
  const [rows, columns] = document.shape;
  const isWhole = document.space === "w+" && rows === model.layers;
  if (document.space === "z" || (!isWhole && document.space === "w+") || columns !== model.wDimension) {
    throw new RfmError(
      "model",
      `${path} is a latent in ${document.space} of ${rows} x ${columns}, but ${model.name} takes w+ of ${model.layers} x ${model.wDimension}; invert the photo again.`,
    );
  }
  const w = new Float32Array(model.layers * model.wDimension);
  for (let layer = 0; layer < model.layers; layer++) {
    w.set(document.w[isWhole ? layer : 0] ?? [], layer * model.wDimension);
  }
  return w;
}
