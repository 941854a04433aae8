import { RfmError } from "../files";
import { BatchedGraph, openScorerPack, type ScorerPack } from "../models";
import { faceNetInput } from "../networks";
import { add, clip, GraphBuilder, mul, readModel, writeModel, type Graph } from "../onnx";
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
  readonly #graphs = new Map<number, BatchedGraph>();

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
    return await this.#graphOf(size).run({ x: pictures }, n, signal);
  }

  async dispose(): Promise<void> {
    const graphs = [...this.#graphs.values()];
    this.#graphs.clear();
    await Promise.all(graphs.map((graph) => graph.dispose()));
  }

  /** Raw pictures `x` [1, 3, size, size] to `scores` [1, attributes]. */
  async graph(size: number): Promise<Graph> {
    const { input, attributes } = this.pack.manifest;
    const network = readModel(await this.pack.read(), { [BATCH]: 1 });
    const wanted = network.inputs.get("x")?.shape.join();
    const given = network.types.get("scores")?.shape.join();
    if (wanted !== [1, 3, input.size, input.size].join() || given !== [1, attributes.length].join()) {
      throw new RfmError(
        "model",
        `The network in ${this.pack.folder} is not what its model.json says; get the scorer pack again.`,
      );
    }
    const builder = new GraphBuilder("scorer");
    // As in a picture: what lies outside of [-1, 1] could not have been seen.
    const x = faceNetInput(clip(builder.input("x", [1, 3, size, size]), -1, 1), input.size);
    const [low, high] = input.range;
    const half = (high - low) / 2;
    // ((low + (x + 1) * half) - mean) / deviation, as one product and one sum.
    const factor = input.deviation.map((deviation) => half / deviation);
    const offset = input.mean.map((mean, colour) => (low + half - mean) / (input.deviation[colour] ?? 1));
    const scaled = add(
      mul(x, builder.constant(factor, [1, 3, 1, 1])),
      builder.constant(offset, [1, 3, 1, 1]),
    );
    const { scores } = builder.inline(network, { x: scaled });
    if (scores !== undefined) builder.output("scores", scores);
    return builder.build();
  }

  #graphOf(size: number): BatchedGraph {
    const known = this.#graphs.get(size);
    if (known !== undefined) return known;
    const rows = { inputs: { x: 3 * size * size }, output: { name: "scores", size: this.attributes.length } };
    const read = async (): Promise<Uint8Array> => writeModel(await this.graph(size), { batch: BATCH });
    const name = `the scorer ${this.name}`;
    const graph = new BatchedGraph(name, this.runtime, read, rows, LARGEST_BATCH);
    this.#graphs.set(size, graph);
    return graph;
  }
}
