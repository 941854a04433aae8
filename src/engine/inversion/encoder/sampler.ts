import type { FaceNets } from "../../faces";
import { throwIfCancelled } from "../../files";
import { seedsToZ } from "../../latents";
import { largestBatch, type Model } from "../../models";
import { elementCount, type Graph } from "../../onnx";
import type { Session } from "../../runtime";
import { featureGraph } from "./features";
import type { Samples } from "./gathered";

/** Draws faces of seeds and looks at them as the encoder will. */
export class Sampler {
  private constructor(
    readonly model: Model,
    readonly graph: Graph,
    readonly width: number,
    readonly batch: number,
    private readonly session: Session,
  ) {}

  static async open(model: Model, faceNets: FaceNets): Promise<Sampler> {
    const { resolution, alignment, runtime } = model;
    const graph = featureGraph(await faceNets.identityGraph(resolution, alignment), resolution);
    const width = elementCount(graph.types.get("features")?.shape ?? []);
    const session = await runtime.compile(graph, { name: "encoder features" });
    return new Sampler(model, graph, width, largestBatch(resolution), session);
  }

  async draw(seed: number, n: number, signal: AbortSignal | undefined): Promise<Samples> {
    throwIfCancelled(signal);
    const { model, width } = this;
    const { zDimension, wDimension, codeSize, pictureSize } = model;
    const hooks = signal === undefined ? {} : { signal };
    const seeds = Array.from({ length: n }, (_, row) => seed + row);
    const w = await model.map(seedsToZ(seeds, zDimension), { psi: 1, cutoff: null, ...hooks });
    const pictures = await model.synthesize(w, n, hooks);
    const features = new Float32Array(n * width);
    const codes = new Float32Array(n * wDimension);
    for (let row = 0; row < n; row++) {
      const x = pictures.subarray(row * pictureSize, (row + 1) * pictureSize);
      const { features: seen } = await this.session.run({ x }, signal);
      if (seen !== undefined) features.set(seen, row * width);
      codes.set(w.subarray(row * codeSize, row * codeSize + wDimension), row * wDimension);
    }
    return { features, codes, n };
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}
