import { add, averagePool, flatten, relu, type Graph, type Value } from "../../onnx";
import { FACE_SIZE } from "./landmarks";
import { FaceLayers, maxPoolSame, MEAN_RGB } from "./layers";
import type { FaceWeights } from "./weights";

const MIDDLE_BLOCKS = 2;

/**
 * Age and gender: a tiny Xception (Chollet, 2017). Input `x` [n, 3, 112, 112] in [-1, 1], the face's box. Outputs
 * `age` [n, 1] in years and `gender` [n, 2], the logits of male and female.
 */
export function ageGenderGraph(weights: FaceWeights): Graph {
  const layers = new FaceLayers("ageGender", weights);
  const picture = layers.normalise(layers.picture(FACE_SIZE), MEAN_RGB);
  let x = relu(layers.convolution(picture, "entry_flow/conv_in/filters", "entry_flow/conv_in/bias", 2));
  x = reduce(layers, x, x, "entry_flow/reduction_block_0");
  x = reduce(layers, x, relu(x), "entry_flow/reduction_block_1");
  for (let block = 0; block < MIDDLE_BLOCKS; block++) {
    let change = x;
    for (let layer = 0; layer < 3; layer++) {
      change = layers.separable(relu(change), `middle_flow/main_block_${block}/separable_conv${layer}`, 1);
    }
    x = add(change, x);
  }
  x = reduce(layers, x, relu(x), "exit_flow/reduction_block");
  x = relu(layers.separable(x, "exit_flow/separable_conv", 1));
  const features = flatten(averagePool(x, { kernel: [7, 7], strides: [2, 2] }));
  layers.builder.output("age", layers.dense(features, "fc/age"));
  layers.builder.output("gender", layers.dense(features, "fc/gender"));
  return layers.builder.build();
}

/** Halves the picture: two separable convolutions and a pool, beside a pointwise convolution of the block's input. */
function reduce(layers: FaceLayers, x: Value, activated: Value, prefix: string): Value {
  const first = layers.separable(activated, `${prefix}/separable_conv0`, 1);
  const second = layers.separable(relu(first), `${prefix}/separable_conv1`, 1);
  const beside = layers.convolution(
    x,
    `${prefix}/expansion_conv/filters`,
    `${prefix}/expansion_conv/bias`,
    2,
  );
  return add(maxPoolSame(second, 3, 2), beside);
}
