import type { DirectionDocument, ModelReference } from "../files";
import { spaceOfRow } from "../latents";

/** What a direction has to fit. */
export interface FittingModel extends ModelReference {
  /** Rows of w+. */
  readonly layers: number;
  readonly wDimension: number;
}

/**
 * Why faces of a model cannot be edited along a direction, in a sentence that names the file, or nothing where they can:
 * it must have been found on the same weights, in w or w+ (in z where the model has no w), and its shape and layers must be the model's.
 */
export function directionMisfit(
  path: string,
  document: Pick<DirectionDocument, "model" | "space" | "shape" | "layers">,
  model: FittingModel,
): string | undefined {
  const { space, shape, layers } = document;
  if (document.model.sha256 !== model.sha256) {
    const other =
      document.model.name === model.name
        ? `a model ${document.model.name} of other weights`
        : `the model ${document.model.name}, not of ${model.name}`;
    return `${path} is a direction of ${other}; choose that model, or fit the attribute anew on this one.`;
  }
  const own = spaceOfRow(model);
  if ((space === "z") !== (own === "z")) {
    return `${path} is a direction in ${space}, but faces of ${model.name} are edited in ${own}; fit the attribute anew on it.`;
  }
  const one = [[model.wDimension], [1, model.wDimension]];
  const fitting = space === own ? one : [...one, [model.layers, model.wDimension]];
  if (!fitting.some((numbers) => numbers.join() === shape.join())) {
    return `${path} is a direction in ${space} of ${shape.join("x")} numbers, but ${model.name} has w of ${model.wDimension} and w+ of ${model.layers}x${model.wDimension}; fit the attribute anew on it.`;
  }
  if (layers[1] > model.layers) {
    return `${path} recommends the layers ${layers.join(":")}, but ${model.name} has only ${model.layers}; put its layers right.`;
  }
  return undefined;
}
