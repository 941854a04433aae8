import { join } from "node:path";
import { seededUniform } from "../src/engine/directions";
import { seedsToZ } from "../src/engine/latents";
import { openModel, openPack } from "../src/engine/models";
import type { Runtime } from "../src/engine/runtime";

const CHUNK = 500;
const NOISE = 0.5;

/** w of the seeds 0, 1, ... of the embedded model, not truncated: [count, d]. */
export async function seededCodes(
  root: string,
  runtime: Runtime,
  count: number,
): Promise<{ rows: Float32Array; d: number }> {
  const model = await openModel(await openPack(join(root, "dist/models/demo")), runtime);
  const { wDimension: d, codeSize, zDimension } = model;
  const rows = new Float32Array(count * d);
  for (let start = 0; start < count; start += CHUNK) {
    const seeds = Array.from({ length: Math.min(CHUNK, count - start) }, (_, index) => start + index);
    const w = await model.map(seedsToZ(seeds, zDimension), { psi: 1 });
    seeds.forEach((seed, index) => {
      rows.set(w.subarray(index * codeSize, index * codeSize + d), seed * d);
    });
  }
  return { rows, d };
}

/** Signs of a random direction with noise: the given share is positive. */
export function plantedLabels(rows: Float32Array, d: number, seed: number, share: number): Int8Array {
  const n = rows.length / d;
  const uniform = seededUniform(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const direction = Float64Array.from({ length: d }, normal);
  const scores = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += (rows[i * d + j] ?? 0) * (direction[j] ?? 0);
    scores[i] = sum;
  }
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / n);
  const noisy = scores.map((score) => (score - mean) / deviation + NOISE * normal());
  const threshold = Float64Array.from(noisy).sort()[Math.floor((1 - share) * n)] ?? 0;
  return Int8Array.from(noisy, (score) => (score > threshold ? 1 : -1));
}
