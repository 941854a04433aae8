import type { Tensor } from "../../onnx";
import { isCount, isCourse, isLossParts, isSentences, type CheckpointState } from "../checkpoint";
import { CourseRecorder } from "../course/course";
import type { LossParts } from "../method";
import { TunedWeights } from "./weights";

/** All that changes in a tuning from iteration to iteration. */
export class TuningState {
  readonly weights: TunedWeights;
  course = new CourseRecorder();
  /** Sentences on what was mended on the way. */
  notes: string[] = [];
  iteration = 0;
  /** Steps that were taken: an iteration that goes back takes none. */
  steps = 0;
  /** How often a loss that was no number was gone back from. */
  retreats = 0;
  /** The least losses so far: those of the weights that are kept. */
  best: LossParts | undefined;
  /** Squared distance of the embeddings when the net was last asked. */
  identity: number | undefined;
  /** Of the newest look at another face; without tuning nothing has changed. */
  locality = 0;

  constructor(weights: ReadonlyMap<string, Tensor>) {
    this.weights = new TunedWeights(weights);
  }

  /** Everything as it is now. The arrays are the state's own: they change with its next step. */
  save(): CheckpointState {
    const { iteration, steps, retreats, best, identity, locality, notes, course } = this;
    return {
      facts: {
        iteration,
        steps,
        retreats,
        moves: this.weights.moves,
        best: best ?? null,
        identity: identity ?? null,
        locality,
        notes,
        course: course.course(),
        spacing: course.spacing,
      },
      arrays: this.weights.save(),
    };
  }

  /** Goes back to what was saved. @returns whether it was a state of this very work; if not, nothing has changed. */
  load({ facts, arrays }: CheckpointState): boolean {
    const { iteration, steps, retreats, moves, best, identity, locality, notes, course, spacing } = facts;
    if (![iteration, steps, retreats, moves, spacing].every(isCount)) return false;
    if (!(best === null || isLossParts(best)) || !isCourse(course) || !isSentences(notes)) return false;
    if (!this.weights.load(arrays, moves as number)) return false;
    this.iteration = iteration as number;
    this.steps = steps as number;
    this.retreats = retreats as number;
    this.best = best ?? undefined;
    this.identity = typeof identity === "number" ? identity : undefined;
    // JSON has no NaN.
    this.locality = typeof locality === "number" ? locality : NaN;
    this.notes = [...notes];
    this.course = CourseRecorder.from(course, spacing as number);
    // Stopped amid an iteration, it begins this one again.
    this.course.backTo(this.iteration - 1);
    return true;
  }
}
