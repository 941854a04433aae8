import {
  add,
  conv,
  GraphBuilder,
  leakyRelu,
  mul,
  reduceMean,
  reshape,
  resizeNearest,
  rsqrt,
  square,
  type Graph,
  type Value,
} from "../../onnx";
import { sizesOf, weightValue, type Weights } from "../weights";
import { FIRST_RESOLUTION, pgGanShape } from "./shape";

/**
 * The generator of the progressive GAN (Karras et al. 2018) when it has grown up, in the genforce layout
 * (`layer{i}.{conv.weight,wscale.bias}`, `output{k}...`, of which only the last is used). Every size comes from the
 * weights.
 *
 * @returns a graph z [1,Z] -> x [1,3,S,S], about [-1,1] and not clipped, for any batch.
 */
export function pgGanGenerator(weights: Weights): Graph {
  const { zDimension, channels } = pgGanShape(weights);
  const builder = new GraphBuilder("synthesis");
  const z = builder.input("z", [1, zDimension]);
  const layer = (name: string, x: Value, kernel: number, pad: number, gain: number): Value => {
    const inner = x.shape[1] ?? 0;
    const [out] = sizesOf(weights, `${name}.conv.weight`, [undefined, inner, kernel, kernel]);
    sizesOf(weights, `${name}.wscale.bias`, [out]);
    const weight = weightValue(
      builder,
      weights,
      `${name}.conv.weight`,
      gain / Math.sqrt(inner * kernel ** 2),
    );
    const bias = weightValue(builder, weights, `${name}.wscale.bias`);
    return conv(x, weight, { bias, pads: [pad, pad, pad, pad] });
  };

  const point = reshape(z, [0, zDimension, 1, 1]);
  let x = layer("layer0", pixelNorm(point), FIRST_RESOLUTION, FIRST_RESOLUTION - 1, Math.SQRT2);
  x = leakyRelu(x, 0.2);
  for (let i = 1; i < channels.length; i++) {
    const normal = pixelNorm(x);
    // The first layer at each larger size doubles what it is given.
    const input = i % 2 === 0 ? resizeNearest(normal, 2) : normal;
    x = leakyRelu(layer(`layer${i}`, input, 3, 1, Math.SQRT2), 0.2);
  }
  builder.output("x", layer(`output${channels.length / 2 - 1}`, pixelNorm(x), 1, 0, 1));
  return builder.build();
}

/** Each pixel's channels scaled to unit mean square. */
function pixelNorm(x: Value): Value {
  return mul(x, rsqrt(add(reduceMean(square(x), [1]), 1e-8)));
}
