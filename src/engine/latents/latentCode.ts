import { RfmError, type LatentDocument } from "../files";
import { spaceOfCodes } from "./codeSpace";

/** What a latent must fit: the model that it is a code of. */
export interface CodeModel {
  readonly name: string;
  readonly sha256: string;
  readonly layers: number;
  readonly wDimension: number;
}

/**
 * The code [L,D] of a latent document, once it is known to be of the model: w+, of which a single w stands for every layer, or
 * z of one row where the model has no w.
 *
 * @param path names the document in sentences.
 * @throws RfmError("model") for a latent of another model, shape or space.
 */
export function latentCode(document: LatentDocument, path: string, model: CodeModel): Float32Array {
  const { name, layers, wDimension } = model;
  if (document.model.sha256 !== model.sha256) {
    throw new RfmError(
      "model",
      `${path} is a latent of the model ${document.model.name}, not of ${name}; open it with its own model.`,
    );
  }
  const [rows, columns] = document.shape;
  const space = spaceOfCodes(model);
  const fits =
    document.space === space ? rows === layers : document.space === "w" && space === "w+" && rows === 1;
  if (!fits || columns !== wDimension) {
    throw new RfmError(
      "model",
      `${path} is a latent in ${document.space} of ${rows}x${columns}, but ${name} takes ${space} of ${layers}x${wDimension}; invert the photo again.`,
    );
  }
  const w = new Float32Array(layers * wDimension);
  for (let layer = 0; layer < layers; layer++) {
    w.set(document.w[rows === 1 ? 0 : layer] ?? [], layer * wDimension);
  }
  return w;
}
