import { RfmError, type DirectionDocument, type LayerRange, type Space } from "../../files";
import { checkDirectionMatches, type Direction } from "../direction";

/** The model whose directions are combined. */
export interface CommonModel {
  readonly name: string;
  readonly sha256: string;
  /** Rows of w+. */
  readonly layers: number;
  readonly wDimension: number;
}

/** Several directions as vectors of one space. */
export interface CommonSpace {
  readonly space: Space;
  /** As documents have it: [columns], or [layers, columns]. */
  readonly shape: readonly [number] | readonly [number, number];
  /** The layers that any of the directions touches. */
  readonly layers: LayerRange;
  /**
   * One for each direction: what an edit by one sigma adds to a code, [columns] or [layers * columns]. Its length is the
   * sigma; directions without one have unit length.
   */
  readonly steps: readonly Float64Array[];
}

/**
 * Brings directions into one space. Directions in w stay there as long as all touch the same layers; where some are in w+ or
 * touch others, a direction in w becomes the same row on each layer that it recommends, and zero rows elsewhere: the same
 * edit. z mixes with nothing.
 *
 * @throws RfmError("usage") that names the first direction of another model, space or shape.
 */
export function inCommonSpace(directions: readonly Direction[], model: CommonModel): CommonSpace {
  const [first] = directions;
  if (first === undefined) throw new RfmError("usage", "There are no directions; give at least one.");
  for (const direction of directions) {
    checkDirectionMatches(direction, model);
    checkShape(direction, model);
  }
  const stranger = directions.find(
    ({ document }) => (document.space === "z") !== (first.document.space === "z"),
  );
  if (stranger !== undefined) {
    throw new RfmError(
      "usage",
      `${stranger.path} is a direction in ${stranger.document.space}, but ${first.path} is one in ${first.document.space}; take directions of one space, or fit ${stranger.name} anew in w.`,
    );
  }
  const { space, layers } = first.document;
  const alike = directions.every(
    ({ document }) => document.space === space && document.layers.join() === layers.join(),
  );
  const vectors = directions.map(({ document }) => flatVector(document));
  const sigmas = directions.map(({ document }) => document.sigma ?? 1);
  const scaled = (vector: Float64Array, k: number): Float64Array =>
    vector.map((value) => value * (sigmas[k] ?? 1));
  if (alike && space !== "w+") {
    const columns = vectors[0]?.length ?? 0;
    return { space, shape: [columns], layers, steps: vectors.map(scaled) };
  }
  const rows = directions.map(({ document }) => inEveryLayer(document, model));
  return {
    space: "w+",
    shape: [model.layers, model.wDimension],
    layers: [
      Math.min(...directions.map(({ document }) => document.layers[0])),
      Math.max(...directions.map(({ document }) => document.layers[1])),
    ],
    steps: rows.map(scaled),
  };
}

/** The numbers of a direction's vector one after the other. */
export function flatVector({ vector }: DirectionDocument): Float64Array {
  return Float64Array.from(vector.flat());
}

/** A vector as documents hold it: nested where the shape has two axes. */
export function shapedVector(
  vector: ArrayLike<number>,
  shape: readonly number[],
): DirectionDocument["vector"] {
  const [rows, columns] = shape;
  if (rows === undefined || columns === undefined) return Array.from(vector);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_entry, column) => vector[row * columns + column] ?? 0),
  );
}

/** [layers * columns]: the vector on the direction's layers, zero on the others. */
export function inEveryLayer(document: DirectionDocument, { layers, wDimension }: CommonModel): Float64Array {
  const vector = flatVector(document);
  const result = new Float64Array(layers * wDimension);
  const [start, end] = document.layers;
  for (let layer = start; layer < end; layer++) {
    const at = vector.length === wDimension ? 0 : layer * wDimension;
    result.set(vector.subarray(at, at + wDimension), layer * wDimension);
  }
  return result;
}

function checkShape({ path, document }: Direction, { name, layers, wDimension }: CommonModel): void {
  const { space, shape, vector } = document;
  const count = vector.flat().length;
  const rows = shape.length === 2 ? (shape[0] ?? 0) : 1;
  const fits =
    space === "z"
      ? shape.length === 1 && count === shape[0]
      : count === rows * wDimension &&
        shape.at(-1) === wDimension &&
        (rows === 1 || (space === "w+" && rows === layers)) &&
        document.layers[1] <= layers;
  if (fits) return;
  throw new RfmError(
    "usage",
    `${path} is a direction in ${space} of ${shape.join("x")} numbers, but ${name} has w of ${wDimension} and w+ of ${layers}x${wDimension}; use a direction that was fitted on this model.`,
  );
}
