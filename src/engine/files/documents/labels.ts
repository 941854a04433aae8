import type { DocumentHead, ModelReference, NamedReference, Space } from "./common";

/** What one column of the scores means. */
export interface AttributeRecord {
  readonly name: string;
  readonly group?: string;
  /** "logit", "probability", "years", "degrees", ... */
  readonly unit?: string;
  /** Scores at least this high are positive; "q0.5" is a quantile of the scores. */
  readonly threshold?: number | string;
  readonly description?: string;
}

/** A finished shard: the scores of the faces [start, end). */
export interface ShardRecord {
  readonly start: number;
  readonly end: number;
  readonly sha256?: string;
  /** Hash of `START-END.w.npy`, where the set names no seeds. */
  readonly codesSha256?: string;
}

/** Half-open range of seeds. */
export interface SeedRange {
  readonly start: number;
  readonly end: number;
}

/** `NAME.labels.json`: attribute scores of many generated faces; the scores lie in `NAME.labels/`. */
export interface LabelsDocument extends DocumentHead<"labels"> {
  readonly model: ModelReference;
  readonly scorer: NamedReference;
  readonly space: Space;
  /** Truncation of the labelled faces. */
  readonly psi?: number;
  /** Layers before this one are truncated; null for all. */
  readonly cutoff?: number | null;
  /** Number of faces. */
  readonly count: number;
  /** Faces per run of the networks; shards are multiples of it. */
  readonly batch: number;
  /** Missing where the shards hold w (`START-END.w.npy`). */
  readonly seeds?: SeedRange | readonly number[];
  readonly attributes: readonly AttributeRecord[];
  readonly shards: readonly ShardRecord[];
}
