import type { Curvature } from "./curvature";
import { Descent } from "./descent";
import type { HingeLoss } from "./hingeLoss";
import type { Loss } from "./loss";
import { LASSO, RIDGE } from "./regularisation";
import { SmoothSteps, SparseSteps, type StepModel } from "./stepModel";

/** The Hessian is computed anew where so many steps ... */
const PATIENCE = 4;
/** ... brought the violation of the optimum's conditions down by no more than this. */
const GOOD_STEPS = 0.3;

/** One target on its way to the optimum: a descent, its model and when the model's Hessian is worn out. */
export class Task {
  readonly descent: Descent;
  iterations = 0;
  protected readonly steps: StepModel;
  /** Whether the Hessian was computed at the point of the next step. */
  protected fresh = false;
  protected worn = false;
  #started = false;
  /** Violations since the Hessian was computed. */
  #violations: number[] = [];
  #before: Float64Array | undefined;

  constructor(
    loss: Loss,
    d: number,
    options: { readonly sparse: boolean; readonly screening: boolean; readonly start?: Float64Array },
  ) {
    this.descent = new Descent(loss, options.sparse ? LASSO : RIDGE, d, options.start);
    this.steps = options.sparse
      ? new SparseSteps(this.descent, options.screening)
      : new SmoothSteps(this.descent);
  }

  /** What must be small in the end: the relative duality gap. */
  get gap(): number {
    return this.descent.gap;
  }

  get objective(): number {
    return this.descent.objective;
  }

  /** The step to try. Curvature is looked at where that of the last steps is worn out. */
  async step(curvature: Curvature): Promise<Float64Array> {
    if (!this.#started) await this.start(curvature);
    else if (this.worn) await this.renew(curvature);
    this.#started = true;
    return this.steps.step();
  }

  /** At the beginning all targets share one Hessian: where scores are equal so are the curvatures of a logistic loss. */
  protected async start(curvature: Curvature): Promise<void> {
    const { n } = curvature.products;
    const { loss, scores, intercept } = this.descent;
    this.steps.reset(await curvature.common(), loss.at(scores, intercept).curvature / n);
    this.#renewed(false);
  }

  protected async renew(curvature: Curvature): Promise<void> {
    const hessian = await curvature.hessian((curvatures) => {
      this.descent.curvatures(curvatures);
    });
    this.steps.reset(hessian, 1);
    this.#renewed(true);
  }

  #renewed(fresh: boolean): void {
    this.fresh = fresh;
    this.worn = false;
    this.#violations = [this.descent.violation];
  }

  /**
   * Goes along the step whose change of scores is known.
   * @returns whether the fit can go on: false where not even the best model leads further down
   */
  move(step: Float64Array, scratch: Float64Array): boolean {
    this.#before = this.descent.gradient;
    const length = this.descent.search(step, scratch);
    if (length === 0 && this.fresh) return false;
    this.worn = length === 0;
    this.iterations++;
    for (let j = 0; j < step.length; j++) step[j] = length * (step[j] as number);
    return true;
  }

  /** Takes the gradient at the new point. */
  arrive(step: Float64Array, gradient: Float64Array): void {
    const before = this.#before;
    this.descent.gradient = gradient;
    this.fresh = false;
    if (this.worn || before === undefined) return;
    this.learn(
      step,
      gradient.map((value, j) => value - (before[j] as number)),
    );
    this.#violations.push(this.descent.violation);
    this.worn = this.isWorn(this.#violations);
  }

  protected learn(step: Float64Array, change: Float64Array): void {
    this.steps.learn(step, change);
  }

  protected isWorn(violations: readonly number[]): boolean {
    const now = violations.at(-1) ?? 0;
    const then = violations.at(-1 - PATIENCE);
    return then !== undefined && now > GOOD_STEPS * then;
  }

  /** Called between steps. @returns whether the loss is another one now, so that slopes and gradient are out of date */
  adapt(): boolean {
    return false;
  }
}

/** Smoothness of the hinge loss is lowered to this share from one round of multipliers to the next. */
const SHARPEN = 0.6;

/**
 * A linear support vector machine by the method of multipliers: each round is a smooth problem, solved by Newton steps
 * whose Hessians need the rows in the band of the margin only; then the multipliers are taken over.
 */
export class MarginTask extends Task {
  readonly #loss: HingeLoss;
  #roundGap = 0.1;
  #stuck = false;

  constructor(loss: HingeLoss, d: number, start?: Float64Array) {
    super(loss, d, { sparse: false, screening: false, ...(start === undefined ? {} : { start }) });
    this.#loss = loss;
    const largest = loss.costs.reduce((most, cost) => Math.max(most, cost), 0);
    loss.smoothness = 1 / largest;
  }

  override get objective(): number {
    const { weights, scores, intercept, penalty } = this.descent;
    return this.#loss.hinge(scores, intercept) + penalty.value(weights);
  }

  /** Of the hinge loss: its dual takes the multipliers of the smooth one. */
  override get gap(): number {
    const { slopes, gradient, penalty } = this.descent;
    const bound = this.#loss.dual(slopes, 1, 0) + penalty.dual(gradient).value;
    return (this.objective - bound) / Math.max(this.objective, Number.MIN_VALUE);
  }

  protected override start(curvature: Curvature): Promise<void> {
    return this.renew(curvature);
  }

  /** Curvature jumps where rows enter or leave the band: there is nothing to learn from the last step. */
  protected override learn(): void {
    return;
  }

  protected override isWorn(): boolean {
    return true;
  }

  /** Where rounding lets no step through, this round is over. */
  override move(step: Float64Array, scratch: Float64Array): boolean {
    this.#stuck = !super.move(step, scratch);
    if (this.#stuck) step.fill(0);
    return true;
  }

  override adapt(): boolean {
    if (!this.#stuck && this.descent.gap > this.#roundGap) return false;
    this.#stuck = false;
    this.#loss.adopt(this.descent.slopes, this.#loss.smoothness * SHARPEN);
    this.#roundGap = Math.max(1e-10, 0.5 * this.gap);
    return true;
  }
}
