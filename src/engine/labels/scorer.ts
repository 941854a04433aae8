import type { AttributeRecord } from "../files";

/** A net that gives pictures attribute scores. */
export interface Scorer {
  readonly name: string;
  /** Identity of its weights and of the arithmetic on top. */
  readonly sha256: string;
  /** What the columns of its scores mean. */
  readonly attributes: readonly AttributeRecord[];
  /**
   * @param pictures aligned faces [n, 3, size, size], a generator's raw output
   * @returns scores [n, attributes]
   */
  score(pictures: Float32Array, n: number, size: number, signal?: AbortSignal): Promise<Float32Array>;
}

/** The part of a face model that labelling needs. */
export interface FaceSource {
  readonly name: string;
  readonly sha256: string;
  readonly resolution: number;
  map(z: Float32Array, truncation?: { psi?: number; cutoff?: number | null }): Promise<Float32Array>;
  synthesize(w: Float32Array, n: number): Promise<Float32Array>;
}
