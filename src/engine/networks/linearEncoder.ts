import { RfmError } from "../files";
import { averagePool, GraphBuilder, flatten, matmul, sub, type Graph } from "../onnx";
import { sizesOf, weightValue, type Weights } from "./weights";

const COLOURS = 3;

/**
 * A linear encoder: the picture averaged down to the size its weights were made for, flattened channel
 * first, z = (x - mean) @ proj. `mean` is [3*r*r], `proj` [3*r*r, Z].
 *
 * @param resolution side of the pictures in pixels, a multiple of r.
 * @returns a graph x [1,3,S,S] in [-1,1] -> z [1,Z], for any batch.
 */
export function linearEncoder(weights: Weights, resolution: number): Graph {
  const [pixels] = sizesOf(weights, "mean", [undefined]);
  sizesOf(weights, "proj", [pixels, undefined]);
  const side = Math.round(Math.sqrt(pixels / COLOURS));
  const step = resolution / side;
  if (side * side * COLOURS !== pixels || !Number.isInteger(step)) {
    throw new RfmError(
      "model",
      `The encoder takes ${pixels} numbers, which no picture of ${resolution} pixels averages to; use the encoder of this generator.`,
    );
  }
  const builder = new GraphBuilder("encoder");
  const x = builder.input("x", [1, COLOURS, resolution, resolution]);
  const small = step === 1 ? x : averagePool(x, { kernel: [step, step] });
  const centred = sub(flatten(small), weightValue(builder, weights, "mean"));
  builder.output("z", matmul(centred, weightValue(builder, weights, "proj")));
  return builder.build();
}
