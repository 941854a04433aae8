import type { CheckpointState } from "../checkpoint";
import { CourseRecorder } from "../course/course";
import { Lbfgs } from "../optimisers";
import type { InversionSettings } from "./options";

/** Length of the first step, in units of w: a start by the encoder is no farther from the face than some of these. */
const FIRST_STEP = 0.5;

/** The parts of the loss, unweighted. */
export interface FastLosses {
  readonly total: number;
  readonly pixel: number;
  /** Squared distance of the embeddings when the net was last asked; missing without identity loss. */
  readonly identity?: number;
  readonly norm: number;
}

/** All that changes in an inversion. */
export class FastState {
  readonly w: Float32Array;
  readonly lbfgs: Lbfgs;
  course = new CourseRecorder();
  /** Looks at a code after the first one. */
  evaluations = 0;
  /** How many stages are done. */
  stage = 0;
  /** Of the last step that was kept. */
  losses: FastLosses | undefined;
  /** What each pixel counts, [S,S]. */
  readonly weights: Float32Array;
  #identity: number | undefined;

  constructor(
    start: Float32Array,
    pixels: number,
    readonly settings: InversionSettings,
  ) {
    this.w = start.slice();
    this.lbfgs = new Lbfgs(this.w, FIRST_STEP);
    this.weights = new Float32Array(pixels).fill(1);
  }

  /** The losses that a look gave; between two looks of the identity net its last word counts. */
  lossesOf(outputs: Readonly<Record<string, Float32Array>>): FastLosses {
    const pixel = outputs["pixel"]?.[0] ?? NaN;
    const norm = outputs["norm"]?.[0] ?? NaN;
    const { beta, identityWeight } = this.settings;
    this.#identity = outputs["identity"]?.[0] ?? this.#identity;
    const identity = this.#identity;
    return {
      total: pixel + beta * norm + identityWeight * (identity ?? 0),
      pixel,
      ...(identity === undefined ? {} : { identity }),
      norm,
    };
  }

  /** A step was kept. */
  note(losses: FastLosses): void {
    this.losses = losses;
    this.course.add(this.evaluations, { ...losses });
  }

  save(): CheckpointState {
    const { evaluations, stage, losses, w, weights } = this;
    return {
      facts: { evaluations, stage, losses: losses ?? null },
      arrays: new Map([
        ["w", w],
        ["weights", weights],
      ]),
    };
  }

  /** Goes on from what was saved. @returns whether it was a state of this work; if not, nothing has changed. */
  load({ facts, arrays }: CheckpointState): boolean {
    const { evaluations, stage } = facts;
    const w = arrays.get("w");
    const weights = arrays.get("weights");
    if (!Number.isSafeInteger(evaluations) || !Number.isSafeInteger(stage)) return false;
    if (w?.length !== this.w.length || weights?.length !== this.weights.length) return false;
    this.w.set(w);
    this.weights.set(weights);
    this.evaluations = evaluations as number;
    this.stage = stage as number;
    return true;
  }
}
