import { RfmError } from "../../files";
import { withFitter, type BoundaryOptions } from "./fitBoundaries";
import type { BoundaryFit, Target } from "./target";

/**
 * Fits one target at many costs, each fit starting from the one before: a regularisation path. It is quickest from the
 * smallest C on, where most coefficients are zero.
 *
 * @returns in the order of the costs
 * @throws what {@link fitBoundaries} throws.
 */
export function fitPath(
  rows: Float32Array,
  dimension: number,
  target: Target,
  costs: readonly number[],
  options: Omit<BoundaryOptions, "C" | "start" | "onProgress"> & {
    readonly onProgress?: (done: number, total: number) => void;
  } = {},
): Promise<readonly (BoundaryFit | RfmError)[]> {
  return withFitter(rows, dimension, options, async (fit) => {
    const path: (BoundaryFit | RfmError)[] = [];
    let start: Float64Array | undefined;
    for (const C of costs) {
      const [found] = await fit([target], { ...options, C, start: [start], onProgress: undefined });
      if (found === undefined) break;
      path.push(found);
      if (!(found instanceof RfmError)) start = found.weights;
      options.onProgress?.(path.length, costs.length);
    }
    return path;
  });
}
