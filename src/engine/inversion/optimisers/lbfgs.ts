/** So many pairs of step and change of the gradient are remembered. */
const MEMORY = 30;
/** A step must bring at least this share of what the slope promises (Armijo). */
const SUFFICIENT = 1e-4;
const MOST_HALVINGS = 8;

/** What a step has shown of the curvature. */
interface Pair {
  readonly step: Float32Array;
  readonly change: Float32Array;
  readonly curvature: number;
}

/** All that the next step depends on besides the point: arrays of one length each, and the value there. */
export interface LbfgsMemory {
  /** Of the point; missing where the function is asked anew. */
  readonly gradient?: Float32Array;
  readonly value: number;
  /** The oldest first. */
  readonly pairs: readonly { readonly step: Float32Array; readonly change: Float32Array }[];
}

/** A function's value and gradient at a point; what it gives is copied. */
export type Evaluate = (
  point: Float32Array,
) => Promise<{ readonly value: number; readonly gradient: Float32Array }>;

/**
 * Limited-memory BFGS (Liu and Nocedal 1989) with a backtracking line search, for a function that is dear to evaluate.
 * Values that are no numbers count as steps too far.
 */
export class Lbfgs {
  readonly #pairs: Pair[] = [];
  #gradient: Float32Array | undefined;
  #value = NaN;

  /**
   * @param point where it begins; it is moved
   * @param first length of the very first step, in the point's units
   */
  constructor(
    readonly point: Float32Array,
    private readonly first: number,
  ) {}

  /** The function is another one from now on, though much like it: what was learned of its curvature is kept. */
  restart(): void {
    this.#gradient = undefined;
  }

  /** It begins anew at another point, far away: nothing that was learned holds there. */
  forget(): void {
    this.#gradient = undefined;
    this.#pairs.length = 0;
  }

  /** What was learned; the arrays are not changed later. */
  memory(): LbfgsMemory {
    const gradient = this.#gradient;
    return { ...(gradient && { gradient }), value: this.#value, pairs: [...this.#pairs] };
  }

  /** Goes on with what was learned; the point is the caller's to set. */
  recall({ gradient, value, pairs }: LbfgsMemory): void {
    this.#gradient = gradient?.slice();
    this.#value = value;
    const known = pairs.map(({ step, change }) => ({ step, change, curvature: dot(step, change) }));
    this.#pairs.splice(0, this.#pairs.length, ...known);
  }

  /**
   * One step.
   *
   * @param most evaluations that it may take
   * @returns the new value, or undefined where no step leads down any more: the point is where it was then.
   */
  async step(evaluate: Evaluate, most: number): Promise<number | undefined> {
    let left = most;
    const isFresh = this.#gradient === undefined;
    if (this.#gradient === undefined) {
      if (left-- < 1) return undefined;
      const start = await evaluate(this.point);
      this.#gradient = start.gradient.slice();
      this.#value = start.value;
    }
    const gradient = this.#gradient;
    const direction = this.#direction(gradient);
    const slope = dot(direction, gradient);
    if (!(slope < 0)) return undefined;
    const { point } = this;
    const before = point.slice();
    let length = this.#pairs.length === 0 ? this.first / Math.sqrt(dot(direction, direction)) : 1;
    try {
      for (let tries = Math.min(left, MOST_HALVINGS); tries > 0; tries--, length /= 2) {
        for (let i = 0; i < before.length; i++)
          point[i] = (before[i] as number) + length * (direction[i] as number);
        const { value, gradient: after } = await evaluate(point);
        if (!(value <= this.#value + SUFFICIENT * length * slope)) continue;
        this.#learn(before, gradient, after);
        this.#gradient = after.slice();
        this.#value = value;
        return value;
      }
    } catch (error) {
      // A look that was cancelled leaves no half-tried point behind: the whole step is to be tried again.
      point.set(before);
      if (isFresh) this.#gradient = undefined;
      throw error;
    }
    point.set(before);
    return undefined;
  }

  #learn(before: Float32Array, gradient: Float32Array, after: Float32Array): void {
    const step = Float32Array.from(before, (value, i) => (this.point[i] as number) - value);
    const change = Float32Array.from(after, (value, i) => value - (gradient[i] as number));
    const curvature = dot(step, change);
    // A pair that is not curved upwards would turn later directions uphill.
    if (!(curvature > 1e-10 * Math.sqrt(dot(step, step) * dot(change, change)))) return;
    this.#pairs.push({ step, change, curvature });
    if (this.#pairs.length > MEMORY) this.#pairs.shift();
  }

  /** -H g by the two-loop recursion. */
  #direction(gradient: Float32Array): Float64Array {
    const q = Float64Array.from(gradient, (value) => -value);
    const shares: number[] = [];
    for (const { step, change, curvature } of [...this.#pairs].reverse()) {
      const share = dot(step, q) / curvature;
      shares.unshift(share);
      addTimes(q, change, -share);
    }
    const last = this.#pairs.at(-1);
    if (last !== undefined) {
      const scale = last.curvature / dot(last.change, last.change);
      for (let i = 0; i < q.length; i++) q[i] = scale * (q[i] as number);
    }
    this.#pairs.forEach(({ step, change, curvature }, k) => {
      addTimes(q, step, (shares[k] ?? 0) - dot(change, q) / curvature);
    });
    return q;
  }
}

function dot(a: Float64Array | Float32Array, b: Float64Array | Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function addTimes(to: Float64Array, vector: Float32Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + factor * (vector[i] as number);
}
