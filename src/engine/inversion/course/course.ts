import type { LossParts } from "../method";

/** More points than this say nothing more in a chart. */
export const COURSE_POINTS = 200;

/** Loss parts against the iteration they were measured at: one column a part, all of one length. */
export interface LossCourse {
  readonly iterations: readonly number[];
  readonly losses: Readonly<Record<string, readonly number[]>>;
}

/**
 * Takes down the loss parts of an inversion in at most {@link COURSE_POINTS} points, evenly spaced: whenever they are
 * full, every second one goes and the spacing doubles. The newest point is always there.
 */
export class CourseRecorder {
  #points: { iteration: number; losses: LossParts }[] = [];
  #spacing = 1;
  #newest: { iteration: number; losses: LossParts } | undefined;

  /** Goes on with what an earlier run took down, whose points lay so far apart at least. */
  static from({ iterations, losses }: LossCourse, spacing: number): CourseRecorder {
    const recorder = new CourseRecorder();
    recorder.#spacing = spacing;
    iterations.forEach((iteration, i) => {
      const parts = Object.entries(losses).map(([name, values]) => [name, values[i] ?? NaN] as const);
      recorder.add(iteration, Object.fromEntries(parts));
    });
    return recorder;
  }

  /** The points lie at multiples of this, all but the newest. */
  get spacing(): number {
    return this.#spacing;
  }

  add(iteration: number, losses: LossParts): void {
    this.#newest = { iteration, losses };
    if (iteration % this.#spacing !== 0) return;
    this.#points.push(this.#newest);
    if (this.#points.length < COURSE_POINTS) return;
    this.#spacing *= 2;
    this.#points = this.#points.filter((point) => point.iteration % this.#spacing === 0);
  }

  /** Forgets what was taken down after an iteration that is gone back to. */
  backTo(iteration: number): void {
    this.#points = this.#points.filter((point) => point.iteration <= iteration);
    this.#newest = this.#points.at(-1);
  }

  course(): LossCourse {
    const newest = this.#newest;
    const isLast = newest === undefined || this.#points.at(-1)?.iteration === newest.iteration;
    const points = isLast ? this.#points : [...this.#points, newest];
    const names = Object.keys(points[0]?.losses ?? {});
    return {
      iterations: points.map(({ iteration }) => iteration),
      losses: Object.fromEntries(
        names.map((name) => [name, points.map(({ losses }) => losses[name] ?? NaN)]),
      ),
    };
  }
}
