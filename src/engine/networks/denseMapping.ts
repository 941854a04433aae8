import { add, gemm, GraphBuilder, leakyRelu, mul, reduceMean, rsqrt, square, type Graph } from "../onnx";
import { sizesOf, weightValue, type Weights } from "./weights";

/** What a dense layer's stored weights and biases are multiplied with. */
export interface DenseGains {
  readonly weight: number;
  readonly bias: number;
}

/**
 * The mapping network of the StyleGANs (`mapping.dense{i}.{weight,bias}`, as many as there are): z is scaled to unit mean
 * square, then dense layers with LeakyReLU 0.2.
 *
 * @param gains of a layer that takes so many numbers
 * @returns a graph z [1,Z] -> w [1,W], for any batch.
 * @throws RfmError("model") where the weights lack it.
 */
export function denseMapping(weights: Weights, gains: (width: number) => DenseGains): Graph {
  const builder = new GraphBuilder("mapping");
  let [, width] = sizesOf(weights, "mapping.dense0.weight", [undefined, undefined]);
  const z = builder.input("z", [1, width]);
  let x = mul(z, rsqrt(add(reduceMean(square(z), [1]), 1e-8)));
  for (let i = 0; weights.has(`mapping.dense${i}.weight`); i++) {
    const name = `mapping.dense${i}`;
    const [out] = sizesOf(weights, `${name}.weight`, [undefined, width]);
    sizesOf(weights, `${name}.bias`, [out]);
    const gain = gains(width);
    const weight = weightValue(builder, weights, `${name}.weight`, gain.weight);
    const bias = weightValue(builder, weights, `${name}.bias`, gain.bias);
    x = leakyRelu(gemm(x, weight, { c: bias, transB: true }), 0.2);
    width = out;
  }
  builder.output("w", x);
  return builder.build();
}
