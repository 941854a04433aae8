import type { LayerRange } from "../../files";
import type { StyleWeight } from "../../networks";
import { Scatter } from "./scatter";

/**
 * What SeFa decomposes (Shen and Zhou 2021, "Closed-form factorization of latent semantics in GANs"; the normalisation is
 * that of their published code): A^T A, where A holds the style weights of the chosen layers, one row [dimension] for
 * each number of a style, each of unit length. Its eigenvectors of largest value change the styles most.
 *
 * @returns the rows of A, summed up; none where nothing in these layers depends on w
 */
export function styleScatter(
  weights: readonly StyleWeight[],
  [start, end]: LayerRange,
  dimension: number,
): Scatter {
  const scatter = new Scatter(dimension);
  for (const { row, weight, channels } of weights) {
    if (row < start || row >= end) continue;
    for (let channel = 0; channel < channels; channel++) {
      const direction = unit(weight.subarray(channel * dimension, (channel + 1) * dimension));
      // A style that does not depend on w has no direction, and adds nothing.
      if (direction !== undefined) scatter.add(direction);
    }
  }
  return scatter;
}

function unit(row: Float32Array): Float64Array | undefined {
  const exact = Float64Array.from(row);
  const length = Math.sqrt(exact.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? undefined : exact.map((value) => value / length);
}
