import type { Histogram } from "../../files";

/** Counts scores in equal bins from the lowest to the highest; the highest falls into the last one, as in numpy. */
export function histogramOf(scores: ArrayLike<number>, bins = 40): Histogram {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < scores.length; i++) {
    low = Math.min(low, scores[i] as number);
    high = Math.max(high, scores[i] as number);
  }
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    let bin = width > 0 ? Math.min(bins - 1, Math.floor((score - low) / width)) : 0;
    // The division may round across an edge.
    if (score < low + bin * width) bin--;
    else if (bin < bins - 1 && score >= low + (bin + 1) * width) bin++;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { low, high, counts };
}
