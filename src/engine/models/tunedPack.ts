import { readModel, writeModel, type Tensor } from "../onnx";
import type { PackFileRole } from "./manifest";
import { ModelPack } from "./openPack";
import { tunableGraph } from "./tunableGraph";
import { BATCH } from "./writePack";

/** What is added to a generator's weights, by their names; weights without an entry stay as they are. */
export type WeightDeltas = ReadonlyMap<string, Float32Array>;

/**
 * A model whose generator was tuned to a face: a pack like its base, but each tuned weight is `weight + amount * delta`.
 * It keeps the identity of its base, whose latents and directions it draws.
 */
export class TunedPack extends ModelPack {
  /** @param amount 0 is the base, whose very files it gives; 1 is the tuned generator. */
  constructor(
    readonly base: ModelPack,
    readonly deltas: WeightDeltas,
    readonly amount: number,
  ) {
    super(base.folder, base.manifest);
  }

  override async read(role: PackFileRole): Promise<Uint8Array> {
    const bytes = await this.base.read(role);
    if (role !== "synthesis" || this.amount === 0) return bytes;
    const { graph, weights } = tunableGraph(readModel(bytes, { [BATCH]: 1 }));
    const initializers = new Map(graph.initializers);
    for (const [name, weight] of weights) {
      const delta = this.deltas.get(name);
      if (delta !== undefined) initializers.set(name, this.#moved(weight, delta));
    }
    return writeModel({ ...graph, initializers }, { batch: BATCH });
  }

  #moved({ type, shape, data }: Tensor, delta: Float32Array): Tensor {
    const moved = Float32Array.from(data as Float32Array);
    for (let i = 0; i < moved.length; i++) moved[i] = (moved[i] ?? 0) + this.amount * (delta[i] ?? 0);
    return { type, shape, data: moved };
  }
}
