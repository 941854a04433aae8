import type { WeightDeltas } from "../models";

/** The sum of several tunings of one generator, each counted so much; weights that none of them moves stay out. */
export function blendedDeltas(
  parts: readonly { readonly deltas: WeightDeltas; readonly share: number }[],
): WeightDeltas {
  const sum = new Map<string, Float32Array>();
  for (const { deltas, share } of parts) {
    if (share === 0) continue;
    for (const [name, delta] of deltas) {
      const known = sum.get(name);
      if (known === undefined)
        sum.set(
          name,
          delta.map((value) => share * value),
        );
      else delta.forEach((value, at) => (known[at] = (known[at] ?? 0) + share * value));
    }
  }
  return sum;
}
