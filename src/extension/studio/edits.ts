import type { Edit, EditDirection, LayerRange } from "../../engine/files";

/** The edits of one latent, in the order in which they were made. Never changed, only replaced. */
export type Edits = readonly Edit[];

/** The edit that uses a direction; directions are told apart by their SHA-256. */
export function findEdit(edits: Edits, directionId: string): Edit | undefined {
  return edits.find(({ direction }) => direction.sha256 === directionId);
}

/** What a direction brings along when it is used for the first time. */
export interface Choice {
  readonly direction: EditDirection;
  /** The layers that the direction recommends. */
  readonly layers: LayerRange;
}

/**
 * Sets the amount (in sigma) of a direction. An edit that says nothing any more (amount 0, recommended layers)
 * leaves the list, so that every slider at zero is the list without edits.
 */
export function withAmount(edits: Edits, choice: Choice, amount: number): Edits {
  return replace(edits, choice, (edit) => ({ ...edit, amount }));
}

/** Sets the half-open range of layers that a direction touches. */
export function withLayers(edits: Edits, choice: Choice, layers: LayerRange): Edits {
  return replace(edits, choice, ({ layerAmounts, ...edit }) => {
    // Factors per layer belong to the range they were made for.
    const keep = layerAmounts !== undefined && sameLayers(edit.layers, layers);
    return keep ? { ...edit, layers, layerAmounts } : { ...edit, layers };
  });
}

/** Mutes an edit or lets it be heard again; its amount stays. */
export function withMuted(edits: Edits, directionId: string, muted: boolean): Edits {
  return edits.map((edit) => (edit.direction.sha256 === directionId ? { ...edit, muted } : edit));
}

/** The list without the edits of a direction. */
export function without(edits: Edits, directionId: string): Edits {
  return edits.filter(({ direction }) => direction.sha256 !== directionId);
}

function replace(edits: Edits, choice: Choice, change: (edit: Edit) => Edit): Edits {
  const { direction, layers } = choice;
  const present = findEdit(edits, direction.sha256);
  const before: Edit = present ?? { direction, amount: 0, layers, clip: 0, muted: false };
  const after = change(before);
  if (after.amount === 0 && sameLayers(after.layers, layers)) return without(edits, direction.sha256);
  if (present === undefined) return [...edits, after];
  return edits.map((edit) => (edit === present ? after : edit));
}

const sameLayers = (a: LayerRange, b: LayerRange): boolean => a[0] === b[0] && a[1] === b[1];
