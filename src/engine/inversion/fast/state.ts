import { isCount, isCourse, isLossParts, type CheckpointState } from "../checkpoint";
import { CourseRecorder } from "../course/course";
import type { LossParts } from "../method";
import { Lbfgs, type LbfgsMemory } from "../optimisers";
import { PIXEL_WEIGHT } from "./graph";
import type { InversionSettings } from "./options";
import { ProgressWatch } from "./progressWatch";

/** Length of the first step, in units of w: a start by the encoder is no farther from the face than some of these. */
const FIRST_STEP = 0.5;
/** More pairs than this nobody keeps. */
const MOST_PAIRS = 100;

/** The arrays that every step changes. */
const ARRAYS = ["w", "weights", "picture"] as const;

/** All that changes in an inversion. */
export class FastState {
  readonly w: Float32Array;
  readonly lbfgs: Lbfgs;
  course = new CourseRecorder();
  /** Looks at a code after the first one. */
  evaluations = 0;
  /** Looks that gave no number. */
  failures = 0;
  /** How many stages are done. */
  stage = 0;
  /** Up to how many looks the present stage goes; undefined before it. */
  stageEnd: number | undefined;
  /** Of the present stage. */
  watch = new ProgressWatch();
  /** Of the last step that was kept, unweighted, and the weighted sum `total`; `rfm` is RFM's whole loss. */
  losses: LossParts | undefined;
  /** What each pixel counts, [S,S]. */
  readonly weights: Float32Array;
  /** Of the last step that was kept, [3,S,S]. */
  readonly picture: Float32Array;

  constructor(
    start: Float32Array,
    pixels: number,
    readonly settings: InversionSettings,
  ) {
    this.w = start.slice();
    this.lbfgs = new Lbfgs(this.w, FIRST_STEP);
    this.weights = new Float32Array(pixels).fill(1);
    this.picture = new Float32Array(3 * pixels);
  }

  /** The losses that a look gave; what it did not ask, such as the identity net, counts as when it was asked last. */
  lossesOf(outputs: Readonly<Record<string, Float32Array>>): LossParts {
    const of = (name: string): number | undefined => outputs[name]?.[0];
    const { beta, identityWeight } = this.settings;
    const [pixel, norm] = [of("pixel") ?? NaN, of("norm") ?? NaN];
    const identity = of("identity") ?? this.losses?.["identity"];
    const rfm = of("rfm");
    return {
      total: PIXEL_WEIGHT * pixel + beta * norm + identityWeight * (identity ?? 0),
      pixel,
      ...(identity === undefined ? {} : { identity }),
      norm,
      ...(rfm === undefined ? {} : { rfm }),
    };
  }

  /** A step was kept. @param picture [3,S,S] */
  note(losses: LossParts, picture: Float32Array | undefined): void {
    this.losses = losses;
    this.picture.set(picture ?? []);
    // RFM's loss is known of the last steps only, and a course has all its parts from the beginning.
    const { rfm: _, ...parts } = losses;
    this.course.add(this.evaluations, parts);
  }

  save(): CheckpointState {
    const { evaluations, failures, stage, stageEnd, losses, watch, course, lbfgs } = this;
    const { gradient, value, pairs } = lbfgs.memory();
    const arrays = new Map<string, Float32Array>(ARRAYS.map((name) => [name, this[name]]));
    if (gradient !== undefined) arrays.set("gradient", gradient);
    pairs.forEach(({ step, change }, i) => arrays.set(`step ${i}`, step).set(`change ${i}`, change));
    return {
      facts: {
        ...{ evaluations, failures, stage, stageEnd: stageEnd ?? null, losses: losses ?? null },
        ...{ past: watch.past, course: course.course(), spacing: course.spacing },
        // NaN before the first look is no JSON.
        ...{ value: Number.isFinite(value) ? value : null, pairs: pairs.length },
      },
      arrays,
    };
  }

  /** Goes on from what was saved. @returns whether it was a state of this work; if not, nothing has changed. */
  load({ facts, arrays }: CheckpointState): boolean {
    const { evaluations, failures, stage, stageEnd, losses, past, course, spacing } = facts;
    const memory = this.#memoryOf(facts, arrays);
    const fits = ARRAYS.every((name) => arrays.get(name)?.length === this[name].length);
    if (!fits || memory === undefined || !isLossParts(losses) || !isCourse(course)) return false;
    if (!isCount(evaluations) || !isCount(failures) || !isCount(stage) || !isCount(spacing)) return false;
    if (stageEnd !== null && !isCount(stageEnd)) return false;
    if (!Array.isArray(past) || !past.every((value) => typeof value === "number")) return false;
    for (const name of ARRAYS) this[name].set(arrays.get(name) ?? []);
    this.lbfgs.recall(memory);
    this.evaluations = evaluations;
    this.failures = failures;
    this.stage = stage;
    this.stageEnd = stageEnd ?? undefined;
    this.losses = losses;
    this.watch = new ProgressWatch(past);
    this.course = CourseRecorder.from(course, spacing);
    return true;
  }

  #memoryOf(facts: CheckpointState["facts"], arrays: CheckpointState["arrays"]): LbfgsMemory | undefined {
    const { value, pairs: count } = facts;
    if (!isCount(count) || count > MOST_PAIRS) return undefined;
    const { length } = this.w;
    const array = (name: string): Float32Array => arrays.get(name) ?? new Float32Array();
    const pairs = Array.from({ length: count }, (_, i) => ({
      step: array(`step ${i}`),
      change: array(`change ${i}`),
    }));
    const gradient = arrays.get("gradient");
    const isWhole = [...pairs.flatMap(({ step, change }) => [step, change]), gradient ?? this.w].every(
      (each) => each.length === length,
    );
    if (!isWhole || (gradient !== undefined && typeof value !== "number")) return undefined;
    return { ...(gradient && { gradient }), value: typeof value === "number" ? value : NaN, pairs };
  }
}
