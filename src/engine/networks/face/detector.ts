import {
  add,
  clip,
  concat,
  exp,
  gather,
  mul,
  reshape,
  sigmoid,
  slice,
  squeeze,
  transpose,
  type Graph,
  type Value,
} from "../../onnx";
import { boxesFromCentres, FaceLayers } from "./layers";
import type { FaceWeights } from "./weights";

/** Side of the detector's input in pixels; its anchors are made for this size. */
export const DETECTOR_SIZE = 512;

/** Depthwise layers that halve the picture. */
const HALVING = new Set([2, 4, 6, 12]);

/** TensorFlow's batch normalisation epsilon as float32, in this net. */
const EPSILON = 0.0010000000474974513;

/** Factors by which the net's box encodings were multiplied in training: centres, sizes. */
const CENTRE_VARIANCE = 0.1;
const SIZE_VARIANCE = 0.2;

/**
 * The face detector: SSD on MobileNet v1 (Howard et al., 2017; Liu et al., 2016).
 *
 * Input `x` [n, 3, 512, 512] in [-1, 1], black (-1) where the picture does not fill the square.
 * Outputs, for 5118 anchors: `boxes` [n, 5118, 4] as left, top, right, bottom in fractions of the side (not clipped)
 * and `scores` [n, 5118] in [0, 1].
 */
export function detectorGraph(weights: FaceWeights): Graph {
  const layers = new FaceLayers("detector", weights);
  const { builder } = layers;
  const { deepest, eleventh } = mobileNet(layers, layers.picture(DETECTOR_SIZE));
  const levels: Value[] = [eleventh, deepest];
  let x = deepest;
  for (let index = 0; index < 8; index++) {
    x = pointwise(layers, x, `Prediction/Conv2d_${index}`, index % 2 === 0 ? 1 : 2);
    if (index % 2 === 1) levels.push(x);
  }
  const encodings = levels.map((level, index) => predict(layers, level, index, "BoxEncodingPredictor", 4));
  const classes = levels.map((level, index) => predict(layers, level, index, "ClassPredictor", 3));
  const anchors = layers.weight("Output/extra_dim", 3);
  const boxes = decodeBoxes(layers, join(encodings), anchors.values());
  builder.output("boxes", boxes);
  builder.output("scores", sigmoid(squeeze(slice(join(classes), 2, 1, 2), [2])));
  return builder.build();
}

/** Features after the eleventh and the last (thirteenth) pair of a depthwise and a pointwise convolution. */
function mobileNet(layers: FaceLayers, x: Value): { eleventh: Value; deepest: Value } {
  let value = pointwise(layers, x, "MobilenetV1/Conv2d_0", 2);
  let eleventh = value;
  for (let index = 1; index <= 13; index++) {
    const stride = HALVING.has(index) ? 2 : 1;
    value = normalisedDepthwise(layers, value, `MobilenetV1/Conv2d_${index}_depthwise`, stride);
    value = pointwise(layers, value, `MobilenetV1/Conv2d_${index}`, 1);
    if (index === 11) eleventh = value;
  }
  return { eleventh, deepest: value };
}

function pointwise(layers: FaceLayers, x: Value, prefix: string, stride: number): Value {
  const name = `${prefix}_pointwise`;
  return clip(layers.convolution(x, `${name}/weights`, `${name}/convolution_bn_offset`, stride), 0, 6);
}

/** A depthwise convolution with its batch normalisation folded into kernel and bias. */
function normalisedDepthwise(layers: FaceLayers, x: Value, name: string, stride: number): Value {
  const gamma = layers.vector(`${name}/BatchNorm/gamma`);
  const beta = layers.vector(`${name}/BatchNorm/beta`);
  const mean = layers.vector(`${name}/BatchNorm/moving_mean`);
  const variance = layers.vector(`${name}/BatchNorm/moving_variance`);
  const scale = gamma.map((value, index) => value / Math.sqrt((variance[index] as number) + EPSILON));
  const bias = beta.map((value, index) => value - (mean[index] as number) * (scale[index] as number));
  const kernel = layers.depthwiseKernel(`${name}/depthwise_weights`);
  const factors = layers.builder.constant(scale, [scale.length, 1, 1, 1]);
  const weight = mul(kernel, factors);
  return clip(layers.depthwise(x, weight, stride, layers.builder.constant(bias, [bias.length])), 0, 6);
}

/** Predictions of one level as [n, anchors, numbers an anchor]. */
function predict(layers: FaceLayers, x: Value, level: number, kind: string, numbers: number): Value {
  const name = `Prediction/BoxPredictor_${level}/${kind}`;
  const predictions = layers.convolution(x, `${name}/weights`, `${name}/biases`, 1);
  return reshape(transpose(predictions, [0, 2, 3, 1]), [0, -1, numbers]);
}

function join(levels: readonly Value[]): Value {
  const [first, ...rest] = levels;
  return concat([first as Value, ...rest], 1);
}

/**
 * Encodings [n, k, 4] are offsets (y, x, height, width) from anchors (top, left, bottom, right):
 * centre = anchor's centre + offset * 0.1 * anchor's size, size = anchor's size * exp(offset * 0.2).
 */
function decodeBoxes({ builder }: FaceLayers, encodings: Value, anchors: Float32Array): Value {
  const count = anchors.length / 4;
  const column = (pick: (top: number, left: number, bottom: number, right: number) => number): Value =>
    builder.constant(
      Float32Array.from({ length: count }, (_, index) => {
        const [top = 0, left = 0, bottom = 0, right = 0] = anchors.subarray(index * 4, index * 4 + 4);
        return pick(top, left, bottom, right);
      }),
      [1, count, 1],
    );
  const height = column((top, _left, bottom) => bottom - top);
  const width = column((_top, left, _bottom, right) => right - left);
  const y = column((top, _left, bottom) => (top + bottom) / 2);
  const x = column((_top, left, _bottom, right) => (left + right) / 2);
  const part = (index: number): Value => gather(encodings, [index], 2);
  return concat(
    boxesFromCentres(
      add(mul(mul(part(1), CENTRE_VARIANCE), width), x),
      add(mul(mul(part(0), CENTRE_VARIANCE), height), y),
      mul(exp(mul(part(3), SIZE_VARIANCE)), width),
      mul(exp(mul(part(2), SIZE_VARIANCE)), height),
    ),
    2,
  );
}
