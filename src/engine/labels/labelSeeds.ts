import type { AttributeRecord } from "../files";
import { labelBatches, type LabellingOptions } from "./labelBatches";
import type { FaceSource, Scorer } from "./scorer";

/** Seeds with the attribute scores of their faces. */
export interface LabelSet {
  readonly seeds: readonly number[];
  readonly attributes: readonly AttributeRecord[];
  /** Row-major [seeds, attributes]. */
  readonly scores: Float32Array;
}

/** Labels seeds in memory. */
export async function labelSeeds(
  model: FaceSource,
  scorer: Scorer,
  seeds: readonly number[],
  options: LabellingOptions = {},
): Promise<LabelSet> {
  const columns = scorer.attributes.length;
  const scores = new Float32Array(seeds.length * columns);
  for await (const part of labelBatches(model, scorer, seeds, options)) {
    scores.set(part.scores, part.start * columns);
  }
  return { seeds, attributes: scorer.attributes, scores };
}
