import type { WeightDeltas } from "../../models";
import { decodeFloat16, encodeFloat16, type Tensor } from "../../onnx";
import { Adam } from "../optimisers";

/** The second moment forgets within some 100 steps, which is all there is. */
const ADAM = { beta1: 0.9, beta2: 0.99 };
/** Arrays of zeros, such as biases that were never trained, have no spread to take a share of. */
const LEAST_SPREAD = 0.01;

/** Everything of one weight that changes; allocated once. */
interface TunedWeight {
  readonly name: string;
  readonly original: Float32Array;
  readonly current: Float32Array;
  readonly best: Float32Array;
  readonly gradient: Float32Array;
  readonly spread: number;
  adam: Adam;
}

/** A generator's weights while they are tuned: Adam on all of them, in place. */
export class TunedWeights {
  readonly #weights: readonly TunedWeight[];
  /** The weights as inputs of the graph; always the same arrays. */
  readonly feeds: Readonly<Record<string, Float32Array>>;

  constructor(weights: ReadonlyMap<string, Tensor>) {
    this.#weights = [...weights].map(([name, tensor]) => {
      const original = tensor.data as Float32Array;
      const current = original.slice();
      return {
        name,
        original,
        current,
        best: original.slice(),
        gradient: new Float32Array(original.length),
        spread: Math.max(LEAST_SPREAD, rootMeanSquare(original)),
        adam: new Adam(current, ADAM),
      };
    });
    this.feeds = Object.fromEntries(this.#weights.map(({ name, current }) => [name, current]));
  }

  /** Begins a step with gradients of zero. */
  clear(): void {
    for (const { gradient } of this.#weights) gradient.fill(0);
  }

  /** Adds `factor` times a loss's gradient. @param gradientOf by the weight's name */
  accumulate(gradientOf: (name: string) => Float32Array | undefined, factor: number): void {
    for (const { name, gradient } of this.#weights) {
      const found = gradientOf(name);
      if (found === undefined) continue;
      for (let i = 0; i < gradient.length; i++) {
        gradient[i] = (gradient[i] as number) + factor * (found[i] as number);
      }
    }
  }

  /** Moves every weight. @param rate as a share of each weight's spread */
  step(rate: number): void {
    for (const { adam, gradient, spread } of this.#weights) adam.step(gradient, rate * spread);
  }

  /** Remembers the weights as the best so far. */
  keep(): void {
    for (const { best, current } of this.#weights) best.set(current);
  }

  /** Goes back to the best so far, without any momentum. */
  retreat(): void {
    for (const weight of this.#weights) {
      weight.current.set(weight.best);
      weight.adam = new Adam(weight.current, ADAM);
    }
  }

  /** Steps since the moments began: since the start, or since the last retreat. */
  get moves(): number {
    return this.#weights[0]?.adam.steps ?? 0;
  }

  /** The state's own arrays: they change with its next step. */
  save(): ReadonlyMap<string, Float32Array> {
    return new Map(this.#weights.flatMap(arraysOf));
  }

  /** Goes on from what was saved. @returns whether it was of these weights; if not, nothing has changed. */
  load(arrays: ReadonlyMap<string, Float32Array>, moves: number): boolean {
    const own = this.#weights.flatMap(arraysOf);
    if (own.some(([name, array]) => arrays.get(name)?.length !== array.length)) return false;
    for (const [name, array] of own) array.set(arrays.get(name) ?? []);
    for (const { adam } of this.#weights) adam.steps = moves;
    return true;
  }

  /** How the best weights differ from the original ones, rounded to float16 as they are stored. */
  deltas(): WeightDeltas {
    return new Map(
      this.#weights.map(({ name, original, best }) => {
        const delta = best.map((value, i) => value - (original[i] ?? 0));
        return [name, decodeFloat16(encodeFloat16(delta))] as const;
      }),
    );
  }
}

function arraysOf({ name, current, best, adam }: TunedWeight): [string, Float32Array][] {
  return [
    [`current ${name}`, current],
    [`best ${name}`, best],
    [`first moment ${name}`, adam.firstMoment],
    [`second moment ${name}`, adam.secondMoment],
  ];
}

function rootMeanSquare(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / Math.max(1, values.length));
}
