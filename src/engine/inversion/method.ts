import type { FaceNets } from "../faces";
import type { Model } from "../models";
import type { CheckpointStore } from "./checkpoint";
import type { LossCourse } from "./course/course";

/** An aligned face to be found. */
export interface InversionTarget {
  /** [3, S, S] in [-1, 1], as the model's alignment frames it. */
  readonly x: Float32Array;
  /** Its recognition embedding; taken from x where missing, but a larger picture of the face says more. */
  readonly embedding?: Float32Array;
}

/** The parts of a loss by name, unweighted, and their weighted sum `total`. */
export type LossParts = Readonly<Record<string, number>>;

/** How far an inversion is. */
export interface InversionProgress {
  readonly iteration: number;
  readonly iterations: number;
  /** NaN before the first look. */
  readonly loss: number;
  readonly losses?: LossParts;
  /** The reconstruction [3, S, S] at this step, now and then. The receiver may keep it. */
  readonly preview?: Float32Array;
  /** Said once, where the work goes on from what an earlier run had kept. */
  readonly resumed?: true;
  /** A sentence that people should read: what is missing, what was mended. */
  readonly note?: string;
}

/** What a caller hears of an inversion and gives to it. */
export interface InversionHooks {
  /** Aborting ends the inversion with the best code so far. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: InversionProgress) => void) | undefined;
  /** Where the state is kept now and then, so that a run that was killed goes on. */
  readonly checkpoint?: CheckpointStore | undefined;
}

/** A found code and how it was found. */
export interface InversionResult {
  /** w+ [L, D]. */
  readonly w: Float32Array;
  /** Its picture [3, S, S], not clipped. */
  readonly reconstruction: Float32Array;
  /** Steps that were taken. */
  readonly iterations: number;
  /** Of `w`. */
  readonly losses: LossParts;
  readonly course: LossCourse;
  /** Weight of the penalty beta * ||w||_p. */
  readonly beta: number;
  readonly p: number;
  readonly seed: number;
  /** Sentences: which parts of the method were not there and what ran instead, what was mended on the way. */
  readonly notes: readonly string[];
  /** What parts of the crop counted, from 0 to 1, in rows; missing where all counted. */
  readonly occlusion?: readonly (readonly number[])[];
  readonly metrics: {
    readonly psnr: number;
    readonly ssim: number;
    readonly norm: number;
  };
  readonly cancelled: boolean;
}

/** A way from an aligned face to a code. Its sessions are made once and serve every photo after. */
export interface FaceInverter<Options> {
  /** How it is called in documents. */
  readonly method: string;
  readonly model: Model;
  readonly faceNets: FaceNets;
  /**
   * Everything besides the photo that the result depends on, as JSON: what is kept under other settings is not gone
   * on with.
   * @throws RfmError("usage") for options that make no sense.
   */
  fingerprint(options?: Options): object;
  /**
   * The same target, options and machine give the same bits.
   * @throws RfmError("usage") where the crop is not of the model's size or options make no sense.
   * @throws CancelledError where the signal is aborted before there is anything to keep.
   */
  invert(target: InversionTarget, options?: Options, hooks?: InversionHooks): Promise<InversionResult>;
  /** Frees the sessions; the model and the face nets stay. */
  dispose(): Promise<void>;
}
