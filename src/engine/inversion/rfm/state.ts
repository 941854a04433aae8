import { isCount, isCourse, isLossParts, isSentences, type CheckpointState } from "../checkpoint";
import { CourseRecorder } from "../course/course";
import type { LossParts } from "../method";
import { LreqAdam } from "../optimisers";

/** Something that is optimised, by the name of its input. */
export interface Parameter {
  readonly name: string;
  readonly start: Float32Array;
  /** See LreqAdamOptions. */
  readonly equalisation: number;
}

/** All that changes in an inversion from iteration to iteration. */
export class RfmState {
  iteration = 0;
  learningRate: number;
  /** The code with the least total loss so far. */
  best: { readonly w: Float32Array; readonly losses: LossParts } | undefined;
  course = new CourseRecorder();
  /** Sentences on what was mended on the way. */
  notes: readonly string[] = [];
  /** How often a loss that was no number was gone back from. */
  retreats = 0;
  readonly #optimisers: ReadonlyMap<string, LreqAdam>;

  constructor(parameters: readonly Parameter[], learningRate: number, beta2: number) {
    this.learningRate = learningRate;
    this.#optimisers = new Map(
      parameters.map(({ name, start, equalisation }) => [
        name,
        new LreqAdam(start.slice(), { beta2, equalisation }),
      ]),
    );
  }

  /** What is optimised, as inputs of the graph. */
  get parameters(): Readonly<Record<string, Float32Array>> {
    return Object.fromEntries([...this.#optimisers].map(([name, adam]) => [name, adam.parameters]));
  }

  /** One step of every parameter. @param gradientOf the gradient by the parameter's name */
  step(gradientOf: (name: string) => Float32Array | undefined): void {
    for (const [name, adam] of this.#optimisers) {
      const gradient = gradientOf(name);
      if (gradient !== undefined) adam.step(gradient, this.learningRate);
    }
  }

  /** Takes down the losses of the current parameters, and their code if it is the best. */
  note(w: Float32Array, losses: LossParts): void {
    this.course.add(this.iteration, losses);
    const total = losses["total"] ?? NaN;
    if (this.best !== undefined && total >= (this.best.losses["total"] ?? NaN)) return;
    const kept = this.best?.w ?? new Float32Array(w.length);
    kept.set(w);
    this.best = { w: kept, losses };
  }

  /** Everything as it is now. The arrays are the state's own: they change with its next step. */
  save(): CheckpointState {
    const arrays = new Map<string, Float32Array>();
    let steps = 0;
    for (const [name, adam] of this.#optimisers) {
      arrays.set(`parameter ${name}`, adam.parameters);
      arrays.set(`moment ${name}`, adam.secondMoment);
      steps = adam.steps;
    }
    if (this.best !== undefined) arrays.set("best", this.best.w);
    const { iteration, learningRate, retreats, notes, best } = this;
    const course = this.course.course();
    return {
      facts: {
        ...{ iteration, learningRate, retreats, notes, steps },
        losses: best?.losses ?? null,
        course,
        spacing: this.course.spacing,
      },
      arrays,
    };
  }

  /** Goes back to what was saved. @returns whether it was a state of this very work; if not, nothing has changed. */
  load({ facts, arrays }: CheckpointState): boolean {
    const { iteration, learningRate, retreats, notes, steps, losses, course, spacing } = facts;
    const numbers = [iteration, retreats, steps, spacing].every(isCount);
    if (!numbers || typeof learningRate !== "number" || !isCourse(course) || !isSentences(notes))
      return false;
    for (const [name, adam] of this.#optimisers) {
      const length = adam.parameters.length;
      if (
        arrays.get(`parameter ${name}`)?.length !== length ||
        arrays.get(`moment ${name}`)?.length !== length
      )
        return false;
    }
    const best = arrays.get("best");
    for (const [name, adam] of this.#optimisers) {
      adam.parameters.set(arrays.get(`parameter ${name}`) ?? []);
      adam.secondMoment.set(arrays.get(`moment ${name}`) ?? []);
      adam.steps = steps as number;
    }
    this.iteration = iteration as number;
    this.learningRate = learningRate;
    this.retreats = retreats as number;
    this.notes = notes;
    this.best = best && isLossParts(losses) ? { w: best.slice(), losses } : undefined;
    this.course = CourseRecorder.from(course, spacing as number);
    return true;
  }
}

/** The same with arrays of its own. */
export function copied({ facts, arrays }: CheckpointState): CheckpointState {
  return { facts, arrays: new Map([...arrays].map(([name, data]) => [name, data.slice()])) };
}
