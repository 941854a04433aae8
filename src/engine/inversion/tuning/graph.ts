import { RfmError } from "../../files";
import type { TunableGraph } from "../../models";
import {
  add,
  averagePool,
  gradient,
  gradientName,
  GraphBuilder,
  mul,
  reduceMean,
  reduceSum,
  square,
  sub,
  type Graph,
  type Value,
} from "../../onnx";

/** The squared difference is taken again after each of so many halvings: large shapes and colours come right first. */
const HALVINGS = 2;

/**
 * One graph from the generator's weights to a tuning step. Inputs: the code `w` [1,L,D], the picture to come near to
 * `target` [1,3,S,S], what each pixel counts `weights` [1,1,S,S] (ones: all), and every weight under its name; with an
 * identity net also `embedding` [1,E] and `identityWeight` []. Outputs: the picture `x`,
 * the parts of the loss (`pixel`, `identity`), their weighted sum `loss` and its gradient
 * with respect to every weight ({@link weightGradient}):
 *
 *     pixel + identityWeight * |embedding(x) - embedding|^2
 *
 * where pixel = mean d^2 + mean (P d)^2 + mean (PP d)^2, d = weights * (x - t), P being 2x2 averaging.
 */
export function tuningGraph({ graph, weights }: TunableGraph, identity?: Graph): Graph {
  const builder = GraphBuilder.from({ ...graph, name: "tuning", outputs: [] });
  for (const name of weights.keys()) builder.promote(name);
  const x = builder.value("x");
  const target = builder.input("target", x.shape);
  const [, , height = 1, width = 1] = x.shape;
  const pixel = pixelLoss(mul(sub(x, target), builder.input("weights", [1, 1, height, width])));
  let loss = pixel;
  if (identity !== undefined) {
    const embedding = builder.inline(identity, { x })["embedding"];
    if (embedding === undefined)
      throw new RfmError("model", "The recognition net gives no embedding; build the packs again.");
    const distance = reduceSum(
      square(sub(embedding, builder.input("embedding", embedding.shape))),
      [0, 1],
      false,
    );
    loss = add(pixel, mul(distance, builder.input("identityWeight", [])));
    builder.output("identity", distance);
  }
  builder.output("x", x);
  builder.output("pixel", pixel);
  builder.output("loss", loss);
  return gradient(builder.build(), "loss", [...weights.keys()]);
}

/** The output of {@link tuningGraph} that holds the gradient with respect to a weight. */
export function weightGradient(weight: string): string {
  return gradientName("loss", weight);
}

function pixelLoss(difference: Value): Value {
  let loss = meanSquare(difference);
  let smaller = difference;
  for (let i = 0; i < HALVINGS; i++) {
    smaller = averagePool(smaller, { kernel: [2, 2], strides: [2, 2] });
    loss = add(loss, meanSquare(smaller));
  }
  return loss;
}

function meanSquare(x: Value): Value {
  return reduceMean(square(x), [0, 1, 2, 3], false);
}
