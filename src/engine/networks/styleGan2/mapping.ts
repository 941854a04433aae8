import { add, gemm, GraphBuilder, leakyRelu, mul, reduceMean, rsqrt, square, type Graph } from "../../onnx";
import { sizesOf, weightValue, type Weights } from "../weights";

/** Equalised learning rate of the mapping network; its stored weights and biases are 1/rate times too large. */
export const LEARNING_RATE = 0.01;

/**
 * StyleGAN2's mapping network in the genforce layout (`mapping.dense{i}.{weight,bias}`, as many as there are):
 * z is scaled to unit mean square, then dense layers with LeakyReLU 0.2 and gain sqrt(2).
 *
 * @returns a graph z [1,Z] -> w [1,W], for any batch.
 */
export function styleGan2Mapping(weights: Weights): Graph {
  const builder = new GraphBuilder("mapping");
  let [, width] = sizesOf(weights, "mapping.dense0.weight", [undefined, undefined]);
  const z = builder.input("z", [1, width]);
  let x = mul(z, rsqrt(add(reduceMean(square(z), [1]), 1e-8)));
  for (let i = 0; weights.has(`mapping.dense${i}.weight`); i++) {
    const name = `mapping.dense${i}`;
    const [out] = sizesOf(weights, `${name}.weight`, [undefined, width]);
    sizesOf(weights, `${name}.bias`, [out]);
    // LeakyReLU is homogeneous, so its gain of sqrt(2) can be part of the affine map before it.
    const gain = Math.SQRT2 * LEARNING_RATE;
    const weight = weightValue(builder, weights, `${name}.weight`, gain / Math.sqrt(width));
    const bias = weightValue(builder, weights, `${name}.bias`, gain);
    x = leakyRelu(gemm(x, weight, { c: bias, transB: true }), 0.2);
    width = out;
  }
  builder.output("w", x);
  return builder.build();
}
