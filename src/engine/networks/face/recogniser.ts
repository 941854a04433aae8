import {
  add,
  averagePool,
  conv,
  matmul,
  maxPool,
  mul,
  pad,
  reduceMean,
  relu,
  type Graph,
  type Value,
} from "../../onnx";
import { FaceLayers, MEAN_RGB } from "./layers";
import type { FaceWeights } from "./weights";

/** Side of the recogniser's input in pixels. */
export const RECOGNISER_SIZE = 150;

/** Residual blocks in order; those named "down" halve the picture. */
const BLOCKS = [
  "conv32_1",
  "conv32_2",
  "conv32_3",
  "conv64_down",
  "conv64_1",
  "conv64_2",
  "conv64_3",
  "conv128_down",
  "conv128_1",
  "conv128_2",
  "conv256_down",
  "conv256_1",
  "conv256_2",
  "conv256_down_out",
];

/**
 * The recognition net: dlib's 29-layer ResNet (King, 2017). Input `x` [n, 3, 150, 150] in [-1, 1], an upright face as
 * {@link recognitionQuad} frames it or nearly so. Output `embedding` [n, 128]; two faces closer than 0.6 (Euclidean)
 * are likely of one person.
 */
export function recogniserGraph(weights: FaceWeights): Graph {
  const layers = new FaceLayers("recogniser", weights);
  let x = layers.normalise(layers.picture(RECOGNISER_SIZE), MEAN_RGB);
  x = relu(scaled(layers, x, "conv32_down", 2, 0));
  x = maxPool(x, { kernel: [3, 3], strides: [2, 2] });
  for (const block of BLOCKS) x = residual(layers, x, block);
  layers.builder.output("embedding", matmul(reduceMean(x, [2, 3], false), layers.matrix("fc")));
  return layers.builder.build();
}

/** Two convolutions beside the block's input, which is averaged to half and padded with empty channels in "down" blocks. */
function residual(layers: FaceLayers, x: Value, name: string): Value {
  if (!name.includes("down")) {
    const change = scaled(layers, relu(scaled(layers, x, `${name}/conv1`, 1, 1)), `${name}/conv2`, 1, 1);
    return relu(add(change, x));
  }
  const change = scaled(layers, relu(scaled(layers, x, `${name}/conv1`, 2, 0)), `${name}/conv2`, 1, 1);
  const half = averagePool(x, { kernel: [2, 2], strides: [2, 2] });
  return relu(add(grow(change, half), grow(half, change)));
}

/** A convolution whose result is scaled and shifted by channel; both are moved into kernel and bias. */
function scaled(layers: FaceLayers, x: Value, prefix: string, stride: number, padding: number): Value {
  const scale = layers.vector(`${prefix}/scale/weights`);
  const shift = layers.vector(`${prefix}/scale/biases`);
  const bias = layers
    .vector(`${prefix}/conv/bias`)
    .map((value, index) => value * (scale[index] as number) + (shift[index] as number));
  const factors = layers.builder.constant(scale, [scale.length, 1, 1, 1]);
  return conv(x, mul(layers.kernel(`${prefix}/conv/filters`), factors), {
    bias: layers.builder.constant(bias, [bias.length]),
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  });
}

/** Zeros added at the far end of channels, rows and columns, up to the larger of both sizes. */
function grow(x: Value, other: Value): Value {
  const missing = x.shape.map((size, axis) =>
    axis === 0 ? 0 : Math.max(0, (other.shape[axis] ?? size) - size),
  );
  return missing.some((count) => count > 0) ? pad(x, [0, 0, 0, 0, ...missing]) : x;
}
