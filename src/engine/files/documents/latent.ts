import type { DocumentHead, Edit, ModelReference, Point, Rows, Space } from "./common";

/** The photo and the face in it that a latent was made from. */
export interface PhotoSource {
  /** Relative to the document. */
  readonly path: string;
  /** Hash of the photo's bytes. */
  readonly sha256: string;
  /** Which of the photo's faces, from 0. */
  readonly face: number;
  /** How many faces the photo has. */
  readonly faces?: number;
  /** 68 points in pixels of the upright photo. */
  readonly landmarks: readonly Point[];
  /** The aligned crop's corners: upper left, lower left, lower right, upper right. */
  readonly quad: readonly Point[];
}

/** How the latent was found. */
export interface InversionRecord {
  readonly method: string;
  /** Hash of the model, the method and its settings: the same photo with the same work needs no second inversion. */
  readonly work?: string;
  readonly iterations: number;
  /** The last value of each part of the loss. */
  readonly losses: Readonly<Record<string, number>>;
  /** Weight of the penalty beta * ||w||_p. */
  readonly beta: number;
  readonly p: number;
  readonly seed?: number;
  /** The parts of the loss against the iteration, at most some 200 points: one column a part. */
  readonly course?: {
    readonly iterations: readonly number[];
    readonly losses: Readonly<Record<string, readonly number[]>>;
  };
  /** What parts of the crop counted in the loss, from 0 to 1, in rows; missing where all did. */
  readonly occlusion?: readonly (readonly number[])[];
  /** Sentences: which parts of the method were missing and what ran instead, what was mended on the way. */
  readonly notes?: readonly string[];
}

/** The reconstruction against the aligned crop. */
export interface ReconstructionMetrics {
  /** dB. */
  readonly psnr?: number;
  readonly ssim?: number;
  readonly lpips?: number;
  /** Euclidean distance of recognition embeddings; < 0.6 is the same person. */
  readonly identity?: number;
}

/** Weight deltas of the generator that match it to this face. */
export interface TunedRecord {
  /** The file, in the document's folder. */
  readonly path: string;
  readonly sha256: string;
  /** The likeness: 0 is the untuned generator, 1 the tuned one. */
  readonly amount: number;
  readonly steps?: number;
  /** The tuned reconstruction, at likeness 1, against the aligned crop. */
  readonly metrics?: ReconstructionMetrics;
  /** How close to themselves other people's faces stayed, at likeness 1: mean PSNR in dB. */
  readonly others?: number;
}

/** An earlier base of an accepted edit. */
export interface AcceptedBase {
  readonly edits: readonly Edit[];
  readonly w: Rows;
}

/** `NAME.latent.json`: a face's code with where it came from. Edits never change `w`. */
export interface LatentDocument extends DocumentHead<"latent"> {
  readonly model: ModelReference;
  readonly space: Space;
  /** Rows and columns of `w`; one row in the spaces z and w. */
  readonly shape: readonly [rows: number, columns: number];
  /** Euclidean length of `w`. */
  readonly norm: number;
  readonly source?: PhotoSource;
  readonly inversion?: InversionRecord;
  readonly metrics?: ReconstructionMetrics;
  readonly edits: readonly Edit[];
  /** Oldest first. */
  readonly history?: readonly AcceptedBase[];
  readonly tuned?: TunedRecord;
  readonly w: Rows;
}
