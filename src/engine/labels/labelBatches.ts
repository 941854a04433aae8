import { throwIfCancelled } from "../files";
import { seedsToZ } from "../latents";
import type { FaceSource, Scorer } from "./scorer";
import type { Span } from "./spans";

export interface LabellingOptions {
  /** Faces per run of the networks; default 16. */
  readonly batch?: number;
  /** Truncation; the model's own defaults where missing. */
  readonly psi?: number;
  readonly cutoff?: number | null;
  readonly signal?: AbortSignal | undefined;
  /** Called after every batch. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

export const DEFAULT_BATCH = 16;

/** The faces [start, end) of a labelling with their scores [end - start, attributes]. */
export interface LabelledBatch {
  readonly start: number;
  readonly end: number;
  readonly scores: Float32Array;
}

/**
 * Labels seeds batch by batch. Batches always start at multiples of the batch size and the last one is padded, so that a
 * resumed run computes the same bits. One after the other: a network's run holds the process, so that nothing would be won by
 * beginning the next batch early; the one thing that goes on meanwhile is the flush of what was written.
 *
 * @param span the faces to label, from a multiple of the batch size on; default all
 */
export async function* labelBatches(
  model: FaceSource,
  scorer: Scorer,
  seeds: readonly number[],
  options: LabellingOptions,
  span: Span = { start: 0, end: seeds.length },
): AsyncGenerator<LabelledBatch> {
  const { batch = DEFAULT_BATCH, signal, onProgress } = options;
  const truncation = {
    ...(options.psi === undefined ? {} : { psi: options.psi }),
    ...(options.cutoff === undefined ? {} : { cutoff: options.cutoff }),
  };
  const columns = scorer.attributes.length;
  for (let start = span.start; start < span.end; start += batch) {
    throwIfCancelled(signal);
    const chosen = seeds.slice(start, Math.min(start + batch, span.end));
    const padded = [...chosen, ...Array<number>(batch - chosen.length).fill(chosen[0] ?? 0)];
    const w = await model.map(seedsToZ(padded, model.zDimension), truncation);
    const pictures = await model.synthesize(w, batch);
    const scores = await scorer.score(pictures, batch, model.resolution, signal);
    const end = start + chosen.length;
    yield { start, end, scores: scores.slice(0, chosen.length * columns) };
    onProgress?.({ done: end, total: seeds.length });
  }
}
