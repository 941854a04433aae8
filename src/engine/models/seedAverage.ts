import { throwIfCancelled } from "../files";
import { TorchRandom } from "../networks";
import type { Runtime } from "../runtime";
import { BatchedGraph } from "./batches";

/** Seeds that a missing average w is measured on, as the scripts of those who publish without one do. */
const SEEDS = 10_000;
const AT_ONCE = 100;

export interface SeedAverageOptions {
  readonly runtime: Runtime;
  readonly zDimension: number;
  readonly wDimension: number;
  /** Rows that the mapping takes at once at most; default 8. */
  readonly largestBatch?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

/**
 * The mean w [D] of 10,000 seeds.
 *
 * @param mapping the ONNX file of a pack's mapping, z [N,Z] -> w [N,D].
 * @throws CancelledError
 */
export async function seedAverage(
  mapping: Uint8Array,
  { runtime, zDimension, wDimension, largestBatch = 8, signal, onProgress }: SeedAverageOptions,
): Promise<Float32Array> {
  const graph = new BatchedGraph(
    "the mapping",
    runtime,
    () => Promise.resolve(mapping),
    { inputs: { z: zDimension }, output: { name: "w", size: wDimension } },
    largestBatch,
  );
  const sums = new Float64Array(wDimension);
  try {
    for (let start = 0; start < SEEDS; start += AT_ONCE) {
      throwIfCancelled(signal);
      const z = new Float32Array(AT_ONCE * zDimension);
      for (let i = 0; i < AT_ONCE; i++) z.set(new TorchRandom(start + i).normals(zDimension), i * zDimension);
      const w = await graph.run({ z }, AT_ONCE, signal);
      w.forEach((value, i) => (sums[i % wDimension] = (sums[i % wDimension] ?? 0) + value));
      onProgress?.({ done: start + AT_ONCE, total: SEEDS });
    }
  } finally {
    await graph.dispose();
  }
  return Float32Array.from(sums, (sum) => sum / SEEDS);
}
