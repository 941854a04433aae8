import type { SliderGroup, SliderRow } from "../../protocol/webview";
import { findEdit, type Choice, type Edits } from "../studio/edits";

/** A direction as the side panel offers it. */
export interface SliderDirection extends Choice {
  readonly name: string;
  readonly group: string;
  /** Statistics for the tooltip. */
  readonly hint: string;
}

/**
 * The rows of the side panel: the directions that are known, by group, with the amounts of the document; then, in a
 * group of their own, directions that only the document carries.
 */
export function sliderGroups(
  directions: readonly SliderDirection[],
  edits: Edits,
  names: { readonly carried: string; readonly carriedHint: string },
): SliderGroup[] {
  const groups = new Map<string, SliderRow[]>();
  const add = (group: string, row: SliderRow): void => {
    const rows = groups.get(group);
    if (rows === undefined) groups.set(group, [row]);
    else rows.push(row);
  };
  for (const { direction, layers, name, group, hint } of directions) {
    const edit = findEdit(edits, direction.sha256);
    add(group, {
      id: direction.sha256,
      name,
      amount: edit?.amount ?? 0,
      layers: edit?.layers ?? layers,
      muted: edit?.muted ?? false,
      hint,
    });
  }
  const known = new Set(directions.map(({ direction }) => direction.sha256));
  for (const { direction, amount, layers, muted } of edits) {
    if (known.has(direction.sha256)) continue;
    const hint = names.carriedHint;
    add(names.carried, { id: direction.sha256, name: direction.name, amount, layers, muted, hint });
  }
  return [...groups].map(([name, rows]) => ({ name, rows }));
}
