import type { DataKind, LookedFile } from "../../protocol/imports";

/** The numbers of a model's codes. */
export interface CodeShape {
  readonly layers: number;
  readonly wDimension: number;
}

/** What the array of a file may become where it belongs to a model; none where it does not fit. */
export function kindsFor({ kinds, shape }: LookedFile, model: CodeShape): DataKind[] {
  return kinds.filter((kind) => shape !== undefined && fits(kind, shape, model));
}

/** The models that every one of the files fits. */
export function modelsFor<Model extends CodeShape>(
  files: readonly LookedFile[],
  models: readonly Model[],
): Model[] {
  return models.filter((model) => files.every((file) => kindsFor(file, model).length > 0));
}

/** The models whose faces a label set may be of: by the shapes of its codes, or, where it has none, those that draw seeds. */
export function modelsForLabels<Model extends CodeShape & { readonly hasMapping: boolean }>(
  codes: readonly (readonly number[])[],
  models: readonly Model[],
): Model[] {
  return models.filter(({ layers, wDimension, hasMapping }) =>
    codes.length === 0
      ? hasMapping
      : codes.every((shape) => shape.at(-1) === wDimension && (shape.length < 3 || shape.at(-2) === layers)),
  );
}

function fits(kind: DataKind, shape: readonly number[], { layers, wDimension }: CodeShape): boolean {
  switch (kind) {
    case "latent":
      return shape.at(-1) === wDimension && (layers === 1 || shape.at(-2) === layers);
    case "components":
      return shape.at(-1) === wDimension;
    case "direction": {
      const numbers = shape.reduce((product, size) => product * size, 1);
      return numbers === wDimension || numbers === layers * wDimension;
    }
  }
}
