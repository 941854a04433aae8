import { factorise, solveFactored } from "./cholesky";
import { addTimes, CorrectedMatrix, dot, multiply, type KnownPair, type Pair } from "./correctedMatrix";
import type { Descent } from "./descent";
import { SparseMinimum } from "./sparseMinimum";

/** So many pairs are remembered. */
const MEMORY = 12;

/**
 * The quadratic model around a point: a base Hessian, scaled to the last step, with the corrections of Broyden, Fletcher,
 * Goldfarb and Shanno for the steps since it was set.
 */
export abstract class StepModel {
  protected pairs: Pair[] = [];
  protected base: Float64Array | undefined;
  /** What the base must be multiplied with. */
  protected scale = 1;

  constructor(protected readonly descent: Descent) {}

  /** Sets the Hessian [d, d] of the loss, up to a factor; forgets the steps. */
  reset(base: Float64Array, scale: number): void {
    this.base = base;
    this.scale = scale;
    this.pairs = [];
  }

  /** @param change of the loss's gradient along the step */
  learn(step: Float64Array, change: Float64Array): void {
    const curvature = dot(step, change);
    const sizes = Math.sqrt(dot(step, step) * dot(change, change));
    if (!(curvature > 1e-10 * sizes)) return;
    this.pairs.push({ step, change });
    if (this.pairs.length > MEMORY) this.pairs.shift();
  }

  /** The step to the minimum of model plus penalty. */
  abstract step(): Float64Array;
}

/** For ||w||_1: the model is minimised over a working set of columns. */
export class SparseSteps extends StepModel {
  readonly #screening: boolean;
  readonly #minimum = new SparseMinimum();
  readonly #member: Uint8Array;
  #columns = new Int32Array(0);
  /** The base in these columns. */
  #picked = new Float64Array(0);
  /** The pairs in these columns. */
  #pairs = new WeakMap<Pair, KnownPair>();

  constructor(descent: Descent, screening: boolean) {
    super(descent);
    this.#screening = screening;
    this.#member = new Uint8Array(descent.weights.length);
  }

  override reset(base: Float64Array, scale: number): void {
    super.reset(base, scale);
    this.#member.fill(0);
    this.#columns = new Int32Array(0);
    this.#minimum.reset();
  }

  step(): Float64Array {
    const { weights, gradient, violation } = this.descent;
    this.#updateColumns();
    const columns = this.#columns;
    const centre = pick(weights, columns);
    const pairs = this.pairs.map((pair) => this.#known(pair));
    const hessian = new CorrectedMatrix(columns.length, this.#picked, this.scale, pairs);
    const moves = this.#minimum.find(
      { centre, gradient: pick(gradient, columns), hessian },
      Math.max(0.1 * violation, 1e-13),
      3000,
    );
    const step = new Float64Array(weights.length);
    columns.forEach((j, at) => {
      step[j] = moves[at] as number;
    });
    return step;
  }

  #known(pair: Pair): KnownPair {
    const known = this.#pairs.get(pair);
    if (known !== undefined) return known;
    const step = pick(pair.step, this.#columns);
    const image = new Float64Array(step.length);
    multiply(this.#picked, step, 1, image);
    const found = { step, change: pick(pair.change, this.#columns), image };
    this.#pairs.set(pair, found);
    return found;
  }

  /**
   * Columns that this step may change. The others stay at zero for this step only: every step looks at all columns again
   * and the duality gap is that of all columns, so that leaving some out changes the time and never the optimum.
   */
  #updateColumns(): void {
    const { weights, gradient } = this.descent;
    const d = weights.length;
    let added = 0;
    for (let j = 0; j < d; j++) {
      const wanted = weights[j] !== 0 || !this.#screening || Math.abs(gradient[j] as number) > 0.95;
      if (!wanted || this.#member[j] === 1) continue;
      this.#member[j] = 1;
      added++;
    }
    if (added === 0) return;
    const columns: number[] = [];
    this.#member.forEach((member, j) => {
      if (member === 1) columns.push(j);
    });
    this.#columns = Int32Array.from(columns);
    this.#pairs = new WeakMap();
    const k = columns.length;
    this.#picked = new Float64Array(k * k);
    for (let a = 0; a < k; a++) {
      const row = (columns[a] as number) * d;
      for (let b = 0; b < k; b++) {
        this.#picked[a * k + b] = this.base?.[row + (columns[b] as number)] ?? 0;
      }
    }
  }
}

/** For ||w||^2 / 2: the model's minimum is a linear solve, by a factor that is kept, and the two-loop recursion. */
export class SmoothSteps extends StepModel {
  #factor: Float64Array | undefined;

  override reset(base: Float64Array, scale: number): void {
    super.reset(base, scale);
    const d = this.descent.weights.length;
    const matrix = base.map((value) => scale * value);
    for (let j = 0; j < d; j++) matrix[j * d + j] = (matrix[j * d + j] as number) + 1;
    factorise(matrix, d);
    this.#factor = matrix;
  }

  /** The penalty's own curvature, the identity, is part of what is learned. */
  override learn(step: Float64Array, change: Float64Array): void {
    super.learn(
      step,
      change.map((value, j) => value + (step[j] as number)),
    );
  }

  step(): Float64Array {
    const { weights, gradient } = this.descent;
    const q = weights.map((w, j) => -(w + (gradient[j] as number)));
    if (this.#factor === undefined) return q;
    const shares = this.pairs.map(() => 0);
    for (let at = this.pairs.length - 1; at >= 0; at--) {
      const { step, change } = this.pairs[at] as Pair;
      const share = dot(step, q) / dot(step, change);
      shares[at] = share;
      addTimes(q, change, -share);
    }
    const r = solveFactored(this.#factor, q);
    const last = this.pairs.at(-1);
    if (last !== undefined) {
      const known = dot(last.change, solveFactored(this.#factor, last.change));
      const factor = dot(last.step, last.change) / Math.max(known, Number.MIN_VALUE);
      for (let j = 0; j < r.length; j++) r[j] = factor * (r[j] as number);
    }
    this.pairs.forEach(({ step, change }, at) => {
      const share = dot(change, r) / dot(step, change);
      addTimes(r, step, (shares[at] as number) - share);
    });
    return r;
  }
}

function pick(values: Float64Array, columns: Int32Array): Float64Array {
  return Float64Array.from(columns, (j) => values[j] as number);
}
