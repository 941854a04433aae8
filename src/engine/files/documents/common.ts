/** `z`: Gaussian code; `w`: mapped code; `w+`: one w per layer. */
export type Space = "z" | "w" | "w+";

/** x and y in pixels. */
export type Point = readonly [x: number, y: number];

/** Half-open range [start, end) of w+ rows. */
export type LayerRange = readonly [start: number, end: number];

/** Numbers by row. */
export type Rows = readonly (readonly number[])[];

/** The model that a document's numbers belong to; `sha256` is over its canonical weights. */
export interface ModelReference {
  readonly name: string;
  readonly sha256: string;
}

/** A document or pack by its name and hash. */
export interface NamedReference {
  readonly name: string;
  readonly sha256: string;
}

/** What changes from run to run; two runs of the same work are equal outside this block. */
export interface RunBlock {
  /** ISO 8601 time. */
  readonly createdAt: string;
  readonly seconds?: number;
  readonly provider?: string;
  /** The version of the tool. */
  readonly version: string;
}

/** The direction inside an edit: with its vector, so that a moved or deleted file breaks nothing. */
export interface EditDirection {
  readonly name: string;
  /** Where it was read from, relative to the document. */
  readonly path: string;
  /** Hash of the direction document's bytes. */
  readonly sha256: string;
  readonly space: Space;
  /** Standard deviation of the label set along the vector; amounts are raw lengths where it is missing. */
  readonly sigma?: number;
  /** The fitted coefficients are the vector times this; 1 where missing. */
  readonly coefficientNorm?: number;
  /** Unit length: [columns], or [layers][columns]. */
  readonly vector: readonly number[] | Rows;
}

/** One step of an edit: amount times direction on some layers. */
export interface Edit {
  readonly direction: EditDirection;
  /** In sigma of the direction. */
  readonly amount: number;
  readonly layers: LayerRange;
  /** Entries with |vector * coefficientNorm| <= clip count as 0; 0 keeps all. */
  readonly clip: number;
  /** Kept but not applied. */
  readonly muted: boolean;
  /** A factor for each layer of `layers`, multiplied with the amount. */
  readonly layerAmounts?: readonly number[];
}

/** What every document has. */
export interface DocumentHead<Kind extends string> {
  readonly $schema?: string;
  readonly kind: Kind;
  readonly version: 1;
  readonly run: RunBlock;
}
