import { RfmError } from "../files";
import { expand, GraphBuilder, readModel, reshape, type Graph } from "../onnx";
import type { Model } from "./model";
import { BATCH } from "./writePack";

/** An encoder as a graph, and which of its constants are its own weights. */
export interface EncoderGraph {
  /** x [batch,3,S,S] -> `w` [batch,L,D], not truncated, and where it gives them 4x4 features `const` [batch,C,4,4]. */
  readonly graph: Graph;
  /** Names of the encoder's weights; a mapping network behind it is the generator's. */
  readonly weights: readonly string[];
}

/** Names that a graph's builder gives to constants that are no weights. */
const UNNAMED = /(^|\/)constant_\d+$/;

/**
 * A model's encoder for building losses on: where it gives z, the mapping network follows.
 *
 * @throws RfmError("model") where the pack has no encoder, or one that is none.
 */
export async function encoderGraph(model: Model, batch = 1): Promise<EncoderGraph> {
  const { pack, layers, wDimension } = model;
  const symbols = { [BATCH]: batch };
  const encoder = readModel(await pack.read("encoder"), symbols);
  const weights = [...encoder.initializers.keys()].filter((name) => !UNNAMED.test(name));
  const shape = [batch, layers, wDimension];
  const givesCode = encoder.types.get("w")?.shape.join() === shape.join();
  if (pack.manifest.encoderOutput === "w+" && givesCode) return { graph: encoder, weights };
  const builder = GraphBuilder.from({ ...encoder, outputs: [] });
  const z = encoder.types.has("z") ? builder.value("z") : undefined;
  if (z === undefined || (model.space !== "z" && !pack.has("mapping"))) {
    throw new RfmError(
      "model",
      `The encoder of ${model.name} gives neither w+ nor a z that the model maps; get the model pack again.`,
    );
  }
  const { w = z } =
    model.space === "z" ? {} : builder.inline(readModel(await pack.read("mapping"), symbols), { z });
  builder.output("w", expand(reshape(w, [batch, 1, wDimension]), shape));
  return { graph: builder.build(), weights };
}
