import { add, averagePool, flatten, relu, reshape, type Graph, type Value } from "../../onnx";
import { FaceLayers, MEAN_RGB } from "./layers";
import type { FaceWeights } from "./weights";

/** Side of the input of the landmark, expression and age and gender nets in pixels. */
export const FACE_SIZE = 112;

/** Names of the seven expressions in the net's order. */
export const EXPRESSIONS = ["neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised"] as const;
export type Expression = (typeof EXPRESSIONS)[number];

/**
 * 68 facial landmarks in dlib's numbering. Input `x` [n, 3, 112, 112] in [-1, 1], the face's box as the detector gives
 * it. Output `landmarks` [n, 68, 2]: x and y in fractions of the input's side.
 */
export function landmarksGraph(weights: FaceWeights): Graph {
  const layers = new FaceLayers("landmarks", weights);
  const features = denseFeatures(layers, layers.picture(FACE_SIZE));
  layers.builder.output("landmarks", reshape(layers.dense(features, "fc"), [0, 68, 2]));
  return layers.builder.build();
}

/**
 * Seven expressions. Input `x` [n, 3, 112, 112] in [-1, 1], the face's box. Output `logits` [n, 7] in the order of
 * {@link EXPRESSIONS}, before softmax.
 */
export function expressionsGraph(weights: FaceWeights): Graph {
  const layers = new FaceLayers("expressions", weights);
  const features = denseFeatures(layers, layers.picture(FACE_SIZE));
  layers.builder.output("logits", layers.dense(features, "fc"));
  return layers.builder.build();
}

/** Four blocks of four separable convolutions that each see the sum of those before: [n, 256]. */
function denseFeatures(layers: FaceLayers, picture: Value): Value {
  let x = layers.normalise(picture, MEAN_RGB);
  for (let block = 0; block < 4; block++) {
    const name = `dense${block}`;
    x = relu(
      block === 0
        ? layers.convolution(x, `${name}/conv0/filters`, `${name}/conv0/bias`, 2)
        : layers.separable(x, `${name}/conv0`, 2),
    );
    // The first summand is activated, the others are not; their sum is, each time it is used.
    let sum = add(x, layers.separable(x, `${name}/conv1`, 1));
    for (const layer of ["conv2", "conv3"])
      sum = add(sum, layers.separable(relu(sum), `${name}/${layer}`, 1));
    x = relu(sum);
  }
  return flatten(averagePool(x, { kernel: [7, 7], strides: [2, 2] }));
}
