import type { LayerEffect, LayerRange } from "../../files";

/** Share of what all layers do for the attribute that the recommended ones shall do. */
export const CARRYING_SHARE = 0.9;

/**
 * The layers to recommend for edits: the shortest run of layers that together have at least nine tenths of the sum of what
 * single layers do for the attribute (layers that lower it count nothing); of equally short runs the strongest.
 *
 * @returns undefined where no layer raises the attribute
 */
export function carryingLayers(
  effects: readonly LayerEffect[],
  share = CARRYING_SHARE,
): LayerRange | undefined {
  const count = effects.reduce((most, { layer }) => Math.max(most, layer + 1), 0);
  const strengths = new Array<number>(count).fill(0);
  for (const { layer, own } of effects) strengths[layer] = Math.max(0, own);
  const total = sumOf(strengths);
  if (!(total > 0)) return undefined;
  for (let length = 1; length <= count; length++) {
    let best: { readonly start: number; readonly sum: number } | undefined;
    for (let start = 0; start + length <= count; start++) {
      const sum = sumOf(strengths.slice(start, start + length));
      if (sum > (best?.sum ?? 0)) best = { start, sum };
    }
    // Sums of the same numbers in another order differ in the last digit.
    if (best !== undefined && best.sum >= share * total * (1 - 1e-12))
      return [best.start, best.start + length];
  }
  return [0, count];
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
