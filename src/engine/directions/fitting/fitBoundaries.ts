import { RfmError, throwIfCancelled } from "../../files";
import type { Runtime } from "../../runtime";
import { fitLogistic } from "./fitLogistic";
import { centredGram, type Gram } from "./gram";
import { openRuntimeGram } from "./runtimeGram";
import type { BoundaryFit, BoundaryPenalty, Target } from "./target";

export interface BoundaryOptions {
  /** Default l1. */
  readonly penalty?: BoundaryPenalty;
  /** Cost of a misfit against the penalty, as in scikit-learn; default 1. */
  readonly C?: number;
  /** `balanced` makes both classes weigh the same in total: n / (2 * count of the class). */
  readonly classWeight?: "balanced" | null;
  /** Relative duality gap to stop at; default 1e-6. */
  readonly tolerance?: number;
  readonly maximumIterations?: number;
  /** Multiplies the matrices; plain loops where it is missing. */
  readonly runtime?: Runtime;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Fits one boundary per target to the same codes.
 *
 * @param rows codes, row-major [n, dimension]
 * @returns in the order of the targets: the boundary, or why this one target has none
 */
export async function fitBoundaries(
  rows: Float32Array,
  dimension: number,
  targets: readonly Target[],
  options: BoundaryOptions = {},
): Promise<readonly (BoundaryFit | RfmError)[]> {
  const { runtime, signal, onProgress } = options;
  const products = runtime === undefined ? undefined : await openRuntimeGram(runtime, dimension);
  const results: (BoundaryFit | RfmError)[] = [];
  try {
    for (const target of targets) {
      throwIfCancelled(signal);
      results.push(await fitOne(rows, dimension, target, options, products?.gram ?? centredGram));
      onProgress?.(results.length, targets.length);
    }
  } finally {
    await products?.release();
  }
  return results;
}

async function fitOne(
  rows: Float32Array,
  d: number,
  target: Target,
  options: BoundaryOptions,
  gram: Gram,
): Promise<BoundaryFit | RfmError> {
  const { penalty = "l1", C = 1, classWeight = null } = options;
  if (target.kind !== "classes" || penalty === "svm") {
    return new RfmError("usage", "Only logistic regression is possible; choose the penalty l1 or l2.");
  }
  const chosen: number[] = [];
  target.signs.forEach((sign, row) => {
    if (sign !== 0) chosen.push(row);
  });
  const n = chosen.length;
  const gathered = new Float32Array(n * d);
  chosen.forEach((row, at) => {
    gathered.set(rows.subarray(row * d, (row + 1) * d), at * d);
  });
  const signs = Int8Array.from(chosen, (row) => target.signs[row] as number);
  const positives = signs.reduce((count, sign) => count + (sign > 0 ? 1 : 0), 0);
  const costs = Float64Array.from(signs, (sign) =>
    classWeight === null ? C : (C * n) / (2 * (sign > 0 ? positives : n - positives)),
  );
  const { tolerance, maximumIterations, signal } = options;
  try {
    return await fitLogistic(
      { rows: gathered, n, d, signs, costs },
      {
        penalty,
        ...(tolerance === undefined ? {} : { tolerance }),
        ...(maximumIterations === undefined ? {} : { maximumIterations }),
        gram,
        signal,
      },
    );
  } catch (error) {
    if (error instanceof RfmError && error.code === "usage") return error;
    throw error;
  }
}
