import { averagePool, concat, flatten, GraphBuilder, type Graph } from "../../onnx";

/** Side of the small pictures, as far as the model's pictures are no smaller. */
const SIDE = 32;

/**
 * What an encoder sees of a picture: the picture averaged down to 32 pixels, and the embedding by which its face is
 * recognised.
 *
 * @param identity the recogniser on crops of the model, x -> `embedding`
 * @returns x [1,3,S,S] -> `features` [1,F], for any batch
 */
export function featureGraph(identity: Graph, resolution: number): Graph {
  const builder = new GraphBuilder("features");
  const x = builder.input("x", [1, 3, resolution, resolution]);
  const step = Math.max(1, Math.floor(resolution / SIDE));
  const small = step === 1 ? x : averagePool(x, { kernel: [step, step], strides: [step, step] });
  const { embedding } = builder.inline(identity, { x });
  const pixels = flatten(small);
  builder.output("features", embedding === undefined ? pixels : concat([pixels, embedding], 1));
  return builder.build();
}
