import { RfmError, throwIfCancelled } from "../../files";
import type { Scorer, ScorerDerivatives } from "../../labels";
import type { Model } from "../../models";
import { atBatch, add, gradient, gradientName, GraphBuilder, mul, reduceSum, type Value } from "../../onnx";
import type { Session } from "../../runtime";

/** Faces differentiated at once: more gain nothing on a CPU and take much memory for what the way back needs. */
const BATCH = 4;

export interface GradientOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after every batch, with the faces behind it. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

/**
 * Derivatives of a scorer's scores with respect to w+, through the generator and the scorer's nets: reverse mode over
 * one graph. What a scorer computes behind its nets (geometry of landmarks, log odds) is pulled back by itself, and comes in
 * as the weights of the nets' outputs; so one compiled graph serves every attribute that is made from the same outputs.
 */
export class ScoreGradients {
  readonly #derivatives: ScorerDerivatives;
  readonly #forward = new Map<string, Promise<Session>>();
  readonly #backward = new Map<string, Promise<Session>>();

  /** @throws RfmError("usage") where the scorer cannot be differentiated. */
  constructor(
    readonly model: Model,
    readonly scorer: Scorer,
  ) {
    if (scorer.derivatives === undefined) {
      throw new RfmError(
        "usage",
        `The scorer ${scorer.name} cannot be differentiated; condition by projection instead.`,
      );
    }
    this.#derivatives = scorer.derivatives;
  }

  /**
   * The mean over faces of d score / d w+.
   *
   * @param codes w+ [n, L, D]
   * @param attributes columns of the scorer
   * @returns for each attribute the mean gradient [L, D], in units of its score
   */
  async mean(
    codes: Float32Array,
    attributes: readonly number[],
    { signal, onProgress }: GradientOptions = {},
  ): Promise<Float64Array[]> {
    const { codeSize } = this.model;
    const n = codes.length / codeSize;
    const sums = attributes.map(() => new Float64Array(codeSize));
    for (let start = 0; start < n; start += BATCH) {
      const end = Math.min(start + BATCH, n);
      const part = await this.ofBatch(codes.subarray(start * codeSize, end * codeSize), attributes, signal);
      part.forEach((gradients, k) => {
        const sum = sums[k];
        gradients.forEach((value, at) => {
          if (sum !== undefined) sum[at % codeSize] = (sum[at % codeSize] ?? 0) + value / n;
        });
      });
      onProgress?.({ done: end, total: n });
    }
    return sums;
  }

  /** d score / d w+ of at most {@link BATCH} faces, [n, L, D] for each attribute. */
  async ofBatch(
    codes: Float32Array,
    attributes: readonly number[],
    signal?: AbortSignal,
  ): Promise<Float32Array[]> {
    const count = codes.length / this.model.codeSize;
    const w = new Float32Array(BATCH * this.model.codeSize);
    w.set(codes);
    const found: Float32Array[] = [];
    const seen = new Map<string, Readonly<Record<string, Float32Array>>>();
    for (const attribute of attributes) {
      throwIfCancelled(signal);
      const names = this.#derivatives.outputsOf(attribute);
      const key = names.join(" ");
      const values = seen.get(key) ?? copied(await (await this.#forwardSession(names)).run({ w }, signal));
      seen.set(key, values);
      const weights = this.#derivatives.pullBack(attribute, values, BATCH);
      const session = await this.#backwardSession(names);
      const feeds = Object.fromEntries(names.map((name) => [weightName(name), weights[name] ?? EMPTY]));
      const result = (await session.run({ w, ...feeds }, signal))[GRADIENT] ?? EMPTY;
      found.push(result.slice(0, count * this.model.codeSize));
    }
    return found;
  }

  /** Frees the sessions; model and scorer stay. */
  async dispose(): Promise<void> {
    const sessions = [...this.#forward.values(), ...this.#backward.values()];
    this.#forward.clear();
    this.#backward.clear();
    for (const session of await Promise.allSettled(sessions)) {
      if (session.status === "fulfilled") await session.value.release();
    }
  }

  #forwardSession(names: readonly string[]): Promise<Session> {
    return remembered(this.#forward, names, async () => {
      const { builder, outputs } = await this.#composed(names);
      for (const [name, value] of Object.entries(outputs)) builder.output(name, value);
      return this.model.runtime.compile(builder.build(), { name: "scores" });
    });
  }

  #backwardSession(names: readonly string[]): Promise<Session> {
    return remembered(this.#backward, names, async () => {
      const { builder, outputs } = await this.#composed(names);
      const parts = Object.entries(outputs).map(([name, value]) =>
        total(mul(value, builder.input(weightName(name), value.shape))),
      );
      const [first, ...rest] = parts;
      if (first === undefined)
        throw new RfmError("graph", "An attribute is made from no output of its scorer.");
      builder.output(LOSS, rest.reduce(add, first));
      const graph = gradient(builder.build(), LOSS, ["w"]);
      return this.model.runtime.compile(graph, { name: "score gradients", arena: false });
    });
  }

  /** Generator and nets in one graph: `w` [BATCH, L, D] to the outputs of these names. */
  async #composed(
    names: readonly string[],
  ): Promise<{ builder: GraphBuilder; outputs: Readonly<Record<string, Value>> }> {
    const { model } = this;
    const builder = new GraphBuilder("score gradients");
    const w = builder.input("w", [BATCH, model.layers, model.wDimension]);
    const { x } = builder.inline(await model.synthesisGraph(BATCH), { w });
    const net = atBatch(await this.#derivatives.graph(model.resolution), BATCH);
    const found = builder.inline(net, x === undefined ? {} : { x });
    const outputs = names.map((name) => {
      const value = found[name];
      if (value === undefined)
        throw new RfmError("model", `The scorer ${this.scorer.name} gives no ${name}; get its pack again.`);
      return [name, value] as const;
    });
    return { builder, outputs: Object.fromEntries(outputs) };
  }
}

const EMPTY = new Float32Array();
const LOSS = "loss";
const GRADIENT = gradientName(LOSS, "w");
const weightName = (output: string): string => `weight of ${output}`;

function total(x: Value): Value {
  return reduceSum(
    x,
    x.shape.map((_, axis) => axis),
    false,
  );
}

function copied(outputs: Readonly<Record<string, Float32Array>>): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, values.slice()]));
}

function remembered<Value>(
  store: Map<string, Promise<Value>>,
  names: readonly string[],
  make: () => Promise<Value>,
): Promise<Value> {
  const key = names.join(" ");
  const known = store.get(key);
  if (known !== undefined) return known;
  const made = make();
  store.set(key, made);
  made.catch(() => store.delete(key));
  return made;
}
