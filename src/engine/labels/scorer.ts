import type { AttributeRecord } from "../files";
import type { CodeSpace } from "../models";
import type { Graph } from "../onnx";

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
  /** Missing where its scores cannot be differentiated. */
  readonly derivatives?: ScorerDerivatives;
}

/** A scorer taken apart for differentiation: nets as a graph, and what is computed from their outputs. */
export interface ScorerDerivatives {
  /** `x` [1, 3, size, size], a generator's raw output, to everything that scores are made from, all float32. */
  graph(size: number): Promise<Graph>;
  /** The graph's outputs that the score of an attribute is made from. */
  outputsOf(attribute: number): readonly string[];
  /**
   * d score / d output for each of those outputs.
   * @param outputs of n faces
   * @returns arrays of the outputs' sizes
   */
  pullBack(
    attribute: number,
    outputs: Readonly<Record<string, Float32Array>>,
    n: number,
  ): Readonly<Record<string, Float32Array>>;
}

/** The part of a face model that labelling needs. */
export interface FaceSource {
  readonly name: string;
  readonly sha256: string;
  readonly resolution: number;
  /** Numbers of one z; 512 where missing. */
  readonly zDimension?: number;
  /** Where its codes lie; w+ where missing. */
  readonly space?: CodeSpace;
  /** Its default truncation, so that label sets can tell how their faces were made. */
  readonly psi?: { readonly default: number; readonly cutoff: number | null };
  map(z: Float32Array, truncation?: { psi?: number; cutoff?: number | null }): Promise<Float32Array>;
  synthesize(w: Float32Array, n: number): Promise<Float32Array>;
}
