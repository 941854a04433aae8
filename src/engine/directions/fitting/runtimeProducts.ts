import { cast, GraphBuilder, matmul, sub, transpose, type Value } from "../../onnx";
import type { Runtime, Session } from "../../runtime";
import { factorsOf, packRows, PlainProducts, type Products, type Scaling } from "./products";

const ROWS = 1024;
/** From so many targets on, one product for all beats a loop for each. */
const WIDE = 3;

/**
 * {@link Products} by the matrix products of a runtime. Grams are float32, summed over blocks in float64. Scores and
 * gradients need more: a float32 sum over 30,000 rows is wrong in the fourth digit after the point, and a relative
 * duality gap of 1e-6 wants five. They are computed in float64 where the provider has it, else by plain loops.
 */
export class RuntimeProducts implements Products {
  readonly #plain: PlainProducts;
  readonly #sessions = new Map<string, Promise<Session>>();
  readonly #double: boolean;

  constructor(
    readonly runtime: Runtime,
    readonly rows: Float32Array,
    readonly n: number,
    readonly d: number,
  ) {
    this.#plain = new PlainProducts(rows, n, d);
    this.#double = runtime.provider === "cpu" || runtime.provider === "cuda";
  }

  async scores(weights: readonly Float64Array[], scores: readonly Float64Array[]): Promise<void> {
    if (!this.#double || weights.length < WIDE) return this.#plain.scores(weights, scores);
    const { d } = this;
    const width = widthFor(weights.length);
    const session = await this.#session(`scores ${width}`, () => scoresGraph(d, width));
    const together = new Float64Array(width * d);
    weights.forEach((w, index) => {
      together.set(w, index * d);
    });
    await this.#eachBlock(async (block, start, count) => {
      const { high, low } = await session.run({ block, weights: together });
      if (high === undefined || low === undefined) return;
      scores.forEach((out, index) => {
        for (let i = 0; i < count; i++) {
          const at = index * ROWS + i;
          out[start + i] = (high[at] as number) + (low[at] as number);
        }
      });
    });
  }

  async gradients(slopes: readonly Float64Array[]): Promise<readonly Float64Array[]> {
    if (!this.#double || slopes.length < WIDE) return this.#plain.gradients(slopes);
    const { d } = this;
    const width = widthFor(slopes.length);
    const session = await this.#session(`gradients ${width}`, () => gradientsGraph(d, width));
    const sums = slopes.map(() => new Float64Array(d));
    const together = new Float64Array(width * ROWS);
    await this.#eachBlock(async (block, start, count) => {
      slopes.forEach((s, index) => {
        together.fill(0, index * ROWS, (index + 1) * ROWS);
        together.set(s.subarray(start, start + count), index * ROWS);
      });
      const { high, low } = await session.run({ block, slopes: together });
      if (high === undefined || low === undefined) return;
      sums.forEach((sum, index) => {
        for (let j = 0; j < d; j++) {
          const at = index * d + j;
          sum[j] = (sum[j] as number) + (high[at] as number) + (low[at] as number);
        }
      });
    });
    return sums;
  }

  async gram(chosen: Int32Array, curvatures: Float64Array, scaling: Scaling): Promise<Float64Array> {
    const { d } = this;
    const session = await this.#session("gram", () => gramGraph(d));
    const gram = new Float64Array(d * d);
    const factors = factorsOf(scaling);
    const block = new Float32Array(ROWS * d);
    for (let start = 0; start < chosen.length; start += ROWS) {
      const end = Math.min(chosen.length, start + ROWS);
      packRows(this, chosen, start, end, curvatures, factors, scaling.mean, block);
      block.fill(0, (end - start) * d);
      const { products } = await session.run({ block });
      if (products === undefined) continue;
      for (let at = 0; at < gram.length; at++) gram[at] = (gram[at] as number) + (products[at] as number);
    }
    return gram;
  }

  async release(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of sessions) await (await session).release();
  }

  /** Blocks of rows: views of the codes, but for the last one, which is filled up with zeros. */
  async #eachBlock(use: (block: Float32Array, start: number, count: number) => Promise<void>): Promise<void> {
    const { rows, n, d } = this;
    for (let start = 0; start < n; start += ROWS) {
      const count = Math.min(ROWS, n - start);
      const view = rows.subarray(start * d, (start + count) * d);
      if (count === ROWS) {
        await use(view, start, count);
      } else {
        const padded = new Float32Array(ROWS * d);
        padded.set(view);
        await use(padded, start, count);
      }
    }
  }

  #session(name: string, graph: () => GraphBuilder): Promise<Session> {
    const known = this.#sessions.get(name) ?? this.runtime.compile(graph().build());
    this.#sessions.set(name, known);
    return known;
  }
}

/** Targets are padded to one of few widths, so that few graphs are compiled while targets drop out. */
function widthFor(count: number): number {
  for (let width = 4; ; width *= 2) if (count <= width) return width;
}

function scoresGraph(d: number, width: number): GraphBuilder {
  const builder = new GraphBuilder("scores");
  const block = builder.input("block", [ROWS, d]);
  const weights = builder.input("weights", [width, d], "float64");
  // Turning the small factors round is cheaper than turning the block.
  const scores = matmul(cast(block, "float64"), transpose(weights, [1, 0]));
  outputDouble(builder, transpose(scores, [1, 0]));
  return builder;
}

function gradientsGraph(d: number, width: number): GraphBuilder {
  const builder = new GraphBuilder("gradients");
  const block = builder.input("block", [ROWS, d]);
  const slopes = builder.input("slopes", [width, ROWS], "float64");
  outputDouble(builder, matmul(slopes, cast(block, "float64")));
  return builder;
}

function gramGraph(d: number): GraphBuilder {
  const builder = new GraphBuilder("gram");
  const block = builder.input("block", [ROWS, d]);
  builder.output("products", matmul(transpose(block, [1, 0]), block));
  return builder;
}

/** Sessions give float32 only; two of them hold 48 of the 53 bits. */
function outputDouble(builder: GraphBuilder, value: Value): void {
  const high = cast(value, "float32");
  builder.output("high", high);
  builder.output("low", cast(sub(value, cast(high, "float64")), "float32"));
}
