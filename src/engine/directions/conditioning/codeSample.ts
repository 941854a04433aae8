import { throwIfCancelled } from "../../files";
import { seedsToZ } from "../../latents";
import type { Model } from "../../models";
import { sigmaAlong } from "../quality/statistics";
import { covarianceOf } from "./covariance";

/** Enough for a covariance of 512 coordinates whose inverse is never taken. */
const SEEDS = 4096;
const CHUNK = 256;

/** w of many seeds, not truncated: how codes are spread. It takes the mapping only, no pictures. */
export class CodeSample {
  #covariance: Float64Array | undefined;

  private constructor(
    /** [n, D] */
    readonly rows: Float32Array,
    readonly dimension: number,
  ) {}

  static async draw(model: Model, signal?: AbortSignal): Promise<CodeSample> {
    const { wDimension, codeSize, zDimension } = model;
    const rows = new Float32Array(SEEDS * wDimension);
    for (let start = 0; start < SEEDS; start += CHUNK) {
      throwIfCancelled(signal);
      const seeds = Array.from({ length: CHUNK }, (_, i) => start + i);
      const w = await model.map(seedsToZ(seeds, zDimension), { psi: 1, cutoff: null });
      seeds.forEach((seed, i) => {
        rows.set(w.subarray(i * codeSize, i * codeSize + wDimension), seed * wDimension);
      });
    }
    return new CodeSample(rows, wDimension);
  }

  /**
   * Standard deviation of the codes along a vector in w, [D], or in w+, [L * D]: seeded w+ is one w in every layer, so what
   * counts of the latter is the sum of its rows.
   */
  sigmaAlong(vector: ArrayLike<number>): number {
    const sum = new Float64Array(this.dimension);
    for (let at = 0; at < vector.length; at++) {
      sum[at % this.dimension] = (sum[at % this.dimension] ?? 0) + (vector[at] ?? 0);
    }
    return sigmaAlong(this.rows, this.dimension, sum);
  }

  /** The codes' covariance times a vector in w. */
  spread(vector: Float64Array): Float64Array {
    const d = this.dimension;
    const covariance = (this.#covariance ??= covarianceOf(this.rows, d));
    return Float64Array.from({ length: d }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (covariance[i * d + j] ?? 0) * (vector[j] ?? 0);
      return sum;
    });
  }
}
