import type { OpenedCheckpoint } from "../checkpoints";
import type { Weights } from "./weights";

/** The families of generators that can be built. */
export type GeneratorArchitecture = "stylegan1" | "stylegan2" | "pggan";

/** A generator that was recognised by its tensors' names and shapes; nothing large has been read yet. */
export interface GeneratorSource {
  readonly architecture: GeneratorArchitecture;
  /** Who published this arrangement of names, for people: "genforce", "rosinality", ... */
  readonly layout: string;
  /**
   * Reads and converts the weights.
   *
   * @throws RfmError("model") where the network cannot be built, RfmError("checkpoint") where a tensor cannot be read.
   */
  load(): Promise<ImportedGenerator>;
}

/** Truncation that a family is used with: w is pulled to its average on the layers [0, cutoff), or on all for null. */
export interface FamilyPsi {
  readonly value: number;
  readonly cutoff: number | null;
}

/** A generator as its canonical weights, whatever its file was. */
export interface ImportedGenerator {
  readonly architecture: GeneratorArchitecture;
  /** As in {@link GeneratorSource.layout}. */
  readonly layout: string;
  /** In the one layout of the architecture that its graphs are built from. */
  readonly weights: Weights;
  /** The mean w [W], or one for each layer [L,W]; missing where the file has none. */
  readonly average?: Float32Array;
  readonly psi: FamilyPsi;
  /** 0 where the files lack the mapping network. */
  readonly zDimension: number;
  readonly wDimension: number;
  /** Rows of w+; 0 where the files lack the synthesis network and nothing else tells. */
  readonly layers: number;
  /** Side of the picture in pixels; 0 where `layers` is. */
  readonly resolution: number;
  /** Plain sentences: what the file lacks, and what works without it. */
  readonly missing: readonly string[];
  /** Whether the file holds noise pictures. */
  readonly noise: "stored" | "absent";
}

/**
 * Recognises one published layout among the tensors of files that belong together; undefined where they hold another.
 *
 * @throws RfmError("model") where it is this layout but of a kind that cannot be built.
 */
export type GeneratorRecogniser = (files: readonly OpenedCheckpoint[]) => GeneratorSource | undefined;

/** An encoder that was recognised by its tensors' names and shapes; nothing large has been read yet. */
export interface EncoderSource {
  readonly architecture: "encoder-e";
  /** As in {@link GeneratorSource.layout}. */
  readonly layout: string;
  /** @throws as {@link GeneratorSource.load}. */
  load(): Promise<ImportedEncoder>;
}

/** An encoder, pictures to w+, as its canonical weights. */
export interface ImportedEncoder {
  readonly architecture: "encoder-e";
  readonly layout: string;
  readonly weights: Weights;
  /** Side of the picture in pixels. */
  readonly resolution: number;
  /** Rows of w+. */
  readonly layers: number;
  readonly wDimension: number;
  /** Channels of the 4x4 features that come out beside w+. */
  readonly constChannels: number;
}
