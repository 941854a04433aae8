import type { EditDirection, LayerRange } from "../../engine/files";

/**
 * Where a direction says something, if it says nothing on the layers that an edit touches: some published directions are zero on
 * the first rows, which are those that edits touch by default.
 *
 * @returns the half-open range from the first row that is not zero to the last; nothing where the edit changes something
 */
export function rowsElsewhere(
  { vector }: Pick<EditDirection, "vector">,
  [start, end]: LayerRange,
): LayerRange | undefined {
  const spoken = vector.flatMap((row, layer) => {
    // A direction of one row counts for every layer.
    if (typeof row === "number") return [];
    return row.some((value) => value !== 0) ? [layer] : [];
  });
  const [first] = spoken;
  const last = spoken.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return spoken.some((layer) => layer >= start && layer < end) ? undefined : [first, last + 1];
}
