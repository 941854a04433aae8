import { throwIfCancelled } from "../files";
import type { Model, Truncation } from "../models";
import { seedsToZ } from "./seeds";

/** Seeds mapped at a time: w+ of more would take much memory for rows that are thrown away. */
const CHUNK = 512;

/** The w of some seeds, [seeds, wDimension]. */
export interface SeededRows {
  readonly seeds: readonly number[];
  readonly rows: Float32Array;
}

/**
 * The w of seeds, chunk by chunk, as the first layer sees it: truncated as asked, else as the model is by default.
 *
 * @throws CancelledError
 */
export async function* seededRows(
  model: Model,
  seeds: readonly number[],
  truncation: Partial<Truncation> = {},
  signal?: AbortSignal,
): AsyncGenerator<SeededRows> {
  const { wDimension, codeSize, zDimension } = model;
  for (let start = 0; start < seeds.length; start += CHUNK) {
    throwIfCancelled(signal);
    const chunk = seeds.slice(start, start + CHUNK);
    const w = await model.map(seedsToZ(chunk, zDimension), { ...truncation, ...(signal && { signal }) });
    const rows = new Float32Array(chunk.length * wDimension);
    chunk.forEach((_, index) => {
      rows.set(w.subarray(index * codeSize, index * codeSize + wDimension), index * wDimension);
    });
    yield { seeds: chunk, rows };
  }
}
