import { RfmError } from "../files";
import { BatchedGraph, openScorerPack, type ScorerPack } from "../models";
import { faceNetInput, LARGEST_GRAPH } from "../networks";
import { add, clip, concat, GraphBuilder, mul, readModel, writeModel, type Graph, type Value } from "../onnx";
import type { Runtime } from "../runtime";
import type { Scorer } from "./scorer";

/** Faces scored at once at most. */
const LARGEST_BATCH = 8;
/** Name of the symbolic batch axis. */
const BATCH = "N";

/** A scorer pack at work. */
export interface OpenedScorer extends Scorer {
  /** Frees its networks; the runtime stays. */
  dispose(): Promise<void>;
}

/**
 * Opens a scorer pack: a network that takes aligned faces of any size, brought to its own, in batches of any size.
 *
 * @throws RfmError("model" | "file") where the pack is missing or broken; scoring throws "graph" or "model" where its network
 * is not what its manifest says
 */
export async function openScorer(folder: string, runtime: Runtime): Promise<OpenedScorer> {
  return new PackScorer(await openScorerPack(folder), runtime);
}

class PackScorer implements OpenedScorer {
  /** By the side of the pictures and the part of the pack. */
  readonly #graphs = new Map<string, BatchedGraph>();

  constructor(
    readonly pack: ScorerPack,
    private readonly runtime: Runtime,
  ) {}

  get name(): string {
    return this.pack.manifest.name;
  }

  get sha256(): string {
    return this.pack.manifest.sha256;
  }

  get attributes(): Scorer["attributes"] {
    return this.pack.manifest.attributes;
  }

  /** The scores of a face are one attribute's column each: what is behind the network is a choice among them. */
  readonly derivatives: NonNullable<Scorer["derivatives"]> = {
    graph: (size) => this.graph(size),
    outputsOf: () => ["scores"],
    pullBack: (attribute, _outputs, n) => {
      const columns = this.attributes.length;
      const weights = new Float32Array(n * columns);
      for (let face = 0; face < n; face++) weights[face * columns + attribute] = 1;
      return { scores: weights };
    },
  };

  async score(pictures: Float32Array, n: number, size: number, signal?: AbortSignal): Promise<Float32Array> {
    const { parts } = this.pack;
    const [first] = parts;
    const columns = this.attributes.length;
    if (parts.length === 1)
      return await this.#graphOf(size, 0, first ?? columns).run({ x: pictures }, n, signal);
    const scores = new Float32Array(n * columns);
    let start = 0;
    for (const [part, own] of parts.entries()) {
      const some = await this.#graphOf(size, part, own).run({ x: pictures }, n, signal);
      for (let face = 0; face < n; face++)
        scores.set(some.subarray(face * own, (face + 1) * own), face * columns + start);
      start += own;
    }
    return scores;
  }

  async dispose(): Promise<void> {
    const graphs = [...this.#graphs.values()];
    this.#graphs.clear();
    await Promise.all(graphs.map((graph) => graph.dispose()));
  }

  /**
   * Raw pictures `x` [1, 3, size, size] to `scores` [1, attributes], by all networks of the pack.
   *
   * @throws RfmError("usage") where they are too large for one graph.
   */
  async graph(size: number): Promise<Graph> {
    const { parts, bytes } = this.pack;
    if (bytes > LARGEST_GRAPH) {
      throw new RfmError(
        "usage",
        `The scorer ${this.name} is too large for derivatives of all its ${this.attributes.length} attributes; import those that are needed into a pack of their own.`,
      );
    }
    const builder = new GraphBuilder("scorer");
    const x = this.#prepared(builder, size);
    const scores: Value[] = [];
    for (const [part, columns] of parts.entries()) scores.push(await this.#scores(builder, x, part, columns));
    const [first, ...rest] = scores;
    if (first !== undefined)
      builder.output("scores", rest.length === 0 ? first : concat([first, ...rest], 1));
    return builder.build();
  }

  /** What a picture looks like to the networks: clipped, resized, in their range. */
  #prepared(builder: GraphBuilder, size: number): Value {
    const { input } = this.pack.manifest;
    // As in a picture: what lies outside of [-1, 1] could not have been seen.
    const x = faceNetInput(clip(builder.input("x", [1, 3, size, size]), -1, 1), input.size);
    const [low, high] = input.range;
    const half = (high - low) / 2;
    // ((low + (x + 1) * half) - mean) / deviation, as one product and one sum.
    const factor = input.deviation.map((deviation) => half / deviation);
    const offset = input.mean.map((mean, colour) => (low + half - mean) / (input.deviation[colour] ?? 1));
    return add(mul(x, builder.constant(factor, [1, 3, 1, 1])), builder.constant(offset, [1, 3, 1, 1]));
  }

  async #scores(builder: GraphBuilder, x: Value, part: number, columns: number): Promise<Value> {
    const { input } = this.pack.manifest;
    const network = readModel(await this.pack.read(part), { [BATCH]: 1 });
    const wanted = network.inputs.get("x")?.shape.join();
    const given = network.types.get("scores")?.shape.join();
    const { scores } =
      wanted === [1, 3, input.size, input.size].join() && given === [1, columns].join()
        ? builder.inline(network, { x }, `part${part}`)
        : {};
    if (scores !== undefined) return scores;
    throw new RfmError(
      "model",
      `The network in ${this.pack.folder} is not what its model.json says; get the scorer pack again.`,
    );
  }

  #graphOf(size: number, part: number, columns: number): BatchedGraph {
    const key = `${size}/${part}`;
    const known = this.#graphs.get(key);
    if (known !== undefined) return known;
    const rows = { inputs: { x: 3 * size * size }, output: { name: "scores", size: columns } };
    const read = async (): Promise<Uint8Array> => {
      const builder = new GraphBuilder("scorer");
      builder.output("scores", await this.#scores(builder, this.#prepared(builder, size), part, columns));
      return writeModel(builder.build(), { batch: BATCH });
    };
    const name = `the scorer ${this.name}`;
    const graph = new BatchedGraph(name, this.runtime, read, rows, LARGEST_BATCH);
    this.#graphs.set(key, graph);
    return graph;
  }
}
