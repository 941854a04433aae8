import { RfmError } from "../files";

/** How far a w is pulled to the average. */
export interface Truncation {
  /** Share of the distance from the average that is kept; 1 keeps w as it is. */
  readonly psi: number;
  /** Layers [0, cutoff) are truncated; null truncates all of them. */
  readonly cutoff: number | null;
}

/**
 * w [n,D] as w+ [n,layers,D], truncated: average + psi * (w - average) on the first `cutoff` layers.
 *
 * @param average the mean w [D], or one for each layer [layers,D].
 * @throws RfmError("usage") where the sizes do not fit.
 */
export function truncate(
  w: Float32Array,
  average: Float32Array,
  { psi, cutoff }: Truncation,
  layers: number,
  dimension: number,
): Float32Array {
  const perLayer = average.length === layers * dimension;
  if (w.length % dimension !== 0 || (!perLayer && average.length !== dimension)) {
    throw new RfmError(
      "usage",
      `w holds ${w.length} numbers and its average ${average.length}, but the model's w has ${dimension}; use latents of this model.`,
    );
  }
  const n = w.length / dimension;
  const result = new Float32Array(n * layers * dimension);
  for (let row = 0; row < n; row++) {
    for (let layer = 0; layer < layers; layer++) {
      const share = cutoff === null || layer < cutoff ? psi : 1;
      const at = (row * layers + layer) * dimension;
      for (let i = 0; i < dimension; i++) {
        const value = w[row * dimension + i] ?? 0;
        const mean = average[perLayer ? layer * dimension + i : i] ?? 0;
        result[at + i] = share === 1 ? value : mean + share * (value - mean);
      }
    }
  }
  return result;
}
