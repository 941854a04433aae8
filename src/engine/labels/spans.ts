import type { ShardRecord } from "../files";

/** A shard is closed after this many batches. */
const BATCHES_PER_SHARD = 64;

/** Faces [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The shards that a set still lacks, each to be labelled and closed by itself. They end at multiples of the full shard's
 * size wherever they begin, so that a set has the same shards however often it was interrupted or repaired.
 *
 * @param shards the ones there are, in order, each beginning and ending at a multiple of the batch size (or at the end)
 */
export function missingSpans(count: number, batch: number, shards: readonly ShardRecord[]): Span[] {
  const size = batch * BATCHES_PER_SHARD;
  const spans: Span[] = [];
  let next = 0;
  for (const { start, end } of [...shards, { start: count, end: count }]) {
    while (next < start) {
      const full = (Math.floor(next / size) + 1) * size;
      spans.push({ start: next, end: Math.min(full, start) });
      next = Math.min(full, start);
    }
    next = Math.max(next, end);
  }
  return spans;
}

/** Whether a shard lies where batches begin and end: the others are labelled again, for their batches would not fit. */
export function isAligned({ start, end }: ShardRecord, count: number, batch: number): boolean {
  return start % batch === 0 && (end % batch === 0 || end === count);
}
