import { RfmError, type Edit, type EditDirection } from "../../files";
import { spaceOfCodes } from "../../latents";

/**
 * A latent with its edits: row l of w+ becomes w_l + sum over edits of amount * layerAmount_l * sigma * vector_l for the
 * rows [start, end) of each edit. Entries of the vector with |entry * coefficientNorm| <= clip count as zero (RFM's
 * rule). Muted edits and amounts of zero leave every bit as it is.
 *
 * @param w [layers, dimension], not changed
 * @throws RfmError("usage") where an edit does not fit the latent.
 */
export function applyEdits(
  w: Float32Array,
  layers: number,
  dimension: number,
  edits: readonly Edit[],
): Float32Array {
  const moves = new Float64Array(w.length);
  for (const edit of edits) {
    checkEdit(edit, layers);
    if (edit.muted || edit.amount === 0) continue;
    addEdit(moves, edit, layers, dimension);
  }
  // A move of zero is not added: -0 + 0 would turn into +0.
  return w.map((value, i) => (moves[i] === 0 ? value : value + (moves[i] as number)));
}

function addEdit(moves: Float64Array, edit: Edit, layers: number, dimension: number): void {
  const { direction, amount, clip, layerAmounts } = edit;
  const [start, end] = edit.layers;
  const length = amount * (direction.sigma ?? 1);
  const norm = direction.coefficientNorm ?? 1;
  for (let layer = start; layer < end; layer++) {
    const factor = length * (layerAmounts?.[layer - start] ?? 1);
    const row = rowOf(direction, layer, layers, dimension);
    for (let i = 0; i < dimension; i++) {
      const entry = row[i] as number;
      if (Math.abs(entry * norm) <= clip) continue;
      moves[layer * dimension + i] = (moves[layer * dimension + i] as number) + factor * entry;
    }
  }
}

/** The part of a direction that belongs to one layer; a single row serves all of them. */
function rowOf(
  direction: EditDirection,
  layer: number,
  layers: number,
  dimension: number,
): readonly number[] {
  const { vector } = direction;
  const nested = vector.filter((row) => typeof row !== "number");
  const row = nested.length === 0 ? (vector as readonly number[]) : nested[nested.length === 1 ? 0 : layer];
  if (row?.length !== dimension || (nested.length > 1 && nested.length !== layers)) {
    throw new RfmError(
      "usage",
      `The direction ${direction.name} does not have the shape of this latent, ${layers}x${dimension}; use a direction of the same model.`,
    );
  }
  return row;
}

function checkEdit({ direction, layers: [start, end], layerAmounts }: Edit, layers: number): void {
  if (direction.space === "z" && spaceOfCodes({ layers }) !== "z") {
    throw new RfmError(
      "usage",
      `The direction ${direction.name} is one of the space z and cannot move a w; use a direction in w or w+.`,
    );
  }
  if (start < 0 || end < start || end > layers) {
    throw new RfmError(
      "usage",
      `The edit ${direction.name} touches the layers ${start}:${end}, but this latent has 0:${layers}; choose layers inside.`,
    );
  }
  if (layerAmounts !== undefined && layerAmounts.length !== end - start) {
    throw new RfmError(
      "usage",
      `The edit ${direction.name} has ${layerAmounts.length} layer amounts for ${end - start} layers; give one for each.`,
    );
  }
}
