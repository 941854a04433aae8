import type { SliderGroup, SliderRow } from "../../protocol/webview";
import type { LayerRange } from "../../engine/files";
import { findEdit, type Choice, type Edits } from "../studio/edits";
import { rowsElsewhere } from "./silent";

/** A direction as the side panel offers it. */
export interface SliderDirection extends Choice {
  readonly name: string;
  readonly group: string;
  /** Statistics for the tooltip. */
  readonly hint: string;
}

/** Words of the side panel's rows. */
export interface RowWords {
  /** Heading of directions that only the document has. */
  readonly carried: string;
  readonly carriedHint: string;
  /** What is said of a direction that is zero on its layers, and on the button that takes those where it is not. */
  readonly silent: (layers: LayerRange, elsewhere: LayerRange) => { message: string; action: string };
}

/**
 * The rows of the side panel: the directions that are known, by group, with the amounts of the document; then, in a
 * group of their own, directions that only the document carries.
 */
export function sliderGroups(
  directions: readonly SliderDirection[],
  edits: Edits,
  words: RowWords,
): SliderGroup[] {
  const groups = new Map<string, SliderRow[]>();
  const add = (group: string, row: SliderRow): void => {
    const rows = groups.get(group);
    if (rows === undefined) groups.set(group, [row]);
    else rows.push(row);
  };
  for (const { direction, layers, name, group, hint } of directions) {
    const edit = findEdit(edits, direction.sha256);
    const used = edit?.layers ?? layers;
    add(group, {
      id: direction.sha256,
      name,
      amount: edit?.amount ?? 0,
      layers: used,
      muted: edit?.muted ?? false,
      hint,
      ...silence(direction, used, words),
    });
  }
  const known = new Set(directions.map(({ direction }) => direction.sha256));
  for (const { direction, amount, layers, muted } of edits) {
    if (known.has(direction.sha256)) continue;
    add(words.carried, {
      id: direction.sha256,
      name: direction.name,
      amount,
      layers,
      muted,
      hint: words.carriedHint,
      ...silence(direction, layers, words),
    });
  }
  return [...groups].map(([name, rows]) => ({ name, rows }));
}

function silence(
  direction: Choice["direction"],
  layers: LayerRange,
  words: RowWords,
): Pick<SliderRow, "silent"> {
  const elsewhere = rowsElsewhere(direction, layers);
  return elsewhere === undefined ? {} : { silent: { ...words.silent(layers, elsewhere), layers: elsewhere } };
}
