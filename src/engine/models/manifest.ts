import type { GeneratorArchitecture } from "../networks";

/** The version of `model.json` that this program writes, and the newest it reads. */
export const MANIFEST_VERSION = 1;

/** The file that makes a folder a model pack. */
export const MANIFEST_NAME = "model.json";

/** What the files of a pack are for. */
export type PackFileRole = "mapping" | "synthesis" | "average" | "encoder" | "noise";

/** A file of a pack, by its bare name. */
export interface PackFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Where a model's faces are inverted and edited: rows of w, or z itself where it has no w. */
export type CodeSpace = "w+" | "z";

/** The files that a pack was imported from. */
export interface ImportRecord {
  /** Who published this arrangement of names: "genforce", "rosinality", ... */
  readonly layout: string;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  /** Sentences: what the files lack, and what works without it. */
  readonly missing: readonly string[];
}

/** How an encoder was fitted to a generator that came without. */
export interface EncoderFit {
  readonly samples: number;
  /** The first of the seeds. */
  readonly seed: number;
  /** Root mean square error on held-out samples, as a share of the average code's: of the code, and of its picture. */
  readonly codeError: number;
  readonly pictureError: number;
}

/** Default truncation of a model. */
export interface Psi {
  readonly default: number;
  /** Layers before it are truncated; null: all. */
  readonly cutoff: number | null;
}

/** How faces are framed for a model: size against FFHQ's square, centre between eyes (0) and mouth (1). */
export interface PackAlignment {
  readonly scale: number;
  readonly centre: number;
}

/** `model.json`, as `media/schemas/model.schema.json` says. */
export interface ModelManifest {
  readonly $schema?: string;
  readonly kind: "model";
  readonly version: number;
  readonly name: string;
  readonly title: string;
  /** `onnx`: an ONNX file of somebody's own. */
  readonly architecture: GeneratorArchitecture | "onnx";
  /** Identity of the model: {@link modelIdentity} of its weights. */
  readonly sha256: string;
  readonly space: CodeSpace;
  /** Side of its pictures in pixels. */
  readonly resolution: number;
  /** Rows of w+. */
  readonly layers: number;
  readonly zDimension: number;
  readonly wDimension: number;
  /** Rows that the graphs take at once, where they take no more than one. */
  readonly largestBatch?: 1;
  readonly psi: Psi;
  readonly alignment: PackAlignment;
  readonly licence?: string;
  readonly data?: string;
  readonly files: Readonly<
    Record<"synthesis" | "average", PackFile> & Partial<Record<"mapping" | "encoder" | "noise", PackFile>>
  >;
  /** What the encoder gives: a z that is mapped (the default), or w+ itself. */
  readonly encoderOutput?: "z" | "w+";
  /** Where the encoder was fitted here. */
  readonly encoderFit?: EncoderFit;
  readonly imported?: ImportRecord;
  /** Hash of everything that the pack was built from: equal means up to date. */
  readonly build: { readonly key: string };
}
