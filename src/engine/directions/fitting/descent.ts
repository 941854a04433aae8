import { bestIntercept, type Loss } from "./loss";
import type { Penalty } from "./regularisation";

/** Where the fit of one target stands: coefficients, the scores they give, the intercept that is best for them. */
export class Descent {
  readonly weights: Float64Array;
  /** Of the loss, with respect to the weights; belongs to the slopes. */
  gradient: Float64Array;
  readonly scores: Float64Array;
  /** Derivatives of the loss with respect to the scores; they sum to zero. */
  readonly slopes: Float64Array;
  /** X times the step to try. */
  readonly change: Float64Array;
  intercept = 0;
  objective = Infinity;

  /** @param start coefficients [d] to start from; {@link settle} wants their scores first */
  constructor(
    readonly loss: Loss,
    readonly penalty: Penalty,
    d: number,
    start?: Float64Array,
  ) {
    this.weights = start === undefined ? new Float64Array(d) : Float64Array.from(start);
    this.gradient = new Float64Array(d);
    this.scores = new Float64Array(loss.n);
    this.slopes = new Float64Array(loss.n);
    this.change = new Float64Array(loss.n);
  }

  /** Takes the scores as they are now: brings intercept, objective and slopes up to date. */
  settle(): void {
    const { loss, penalty, scores, weights } = this;
    const best = bestIntercept(loss, scores, this.intercept);
    this.intercept = best.intercept;
    this.objective = best.value + penalty.value(weights);
    this.#differentiate();
  }

  get violation(): number {
    return this.penalty.violation(this.weights, this.gradient);
  }

  /**
   * The relative duality gap, float64. The bound comes from Fenchel's dual: penalty and loss at any coefficients are no
   * less than it, so that the gap certifies how far the optimum can still be.
   */
  get gap(): number {
    const { value, shrink } = this.penalty.dual(this.gradient);
    const bound = value + this.loss.dual(this.slopes, shrink);
    return (this.objective - bound) / Math.max(this.objective, Number.MIN_VALUE);
  }

  curvatures(out: Float64Array): void {
    this.loss.curvatures(this.scores, this.intercept, out);
  }

  /**
   * Goes along a step, whose {@link change} is known, as far as the objective falls by enough (Armijo).
   * @param scratch [n]
   * @returns the share of the step that was gone; 0 where it led nowhere
   */
  search(step: Float64Array, scratch: Float64Array): number {
    const { loss, penalty, weights, gradient, scores, change } = this;
    const along = (length: number): Float64Array => weights.map((w, j) => w + length * (step[j] as number));
    const slope = step.reduce((sum, move, j) => sum + move * (gradient[j] as number), 0);
    const promised = Math.min(0, slope + penalty.value(along(1)) - penalty.value(weights));
    for (let length = 1; length > 1e-6; length /= 2) {
      const nextWeights = along(length);
      for (let i = 0; i < scratch.length; i++) {
        scratch[i] = (scores[i] as number) + length * (change[i] as number);
      }
      const best = bestIntercept(loss, scratch, this.intercept);
      const next = best.value + penalty.value(nextWeights);
      // Near the optimum gains drown in rounding while the gap still shrinks.
      if (!(next <= this.objective + 1e-4 * length * promised + 1e-14 * Math.abs(this.objective))) continue;
      weights.set(nextWeights);
      scores.set(scratch);
      this.intercept = best.intercept;
      this.objective = next;
      this.#differentiate();
      return length;
    }
    return 0;
  }

  #differentiate(): void {
    this.loss.slopes(this.scores, this.intercept, this.slopes);
    this.loss.balance(this.slopes);
  }
}
