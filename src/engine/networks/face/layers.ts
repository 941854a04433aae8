import { add, conv, dequantizeLinear, gemm, GraphBuilder, maxPool, mul, sub, type Value } from "../../onnx";
import type { FaceWeight, FaceWeights } from "./weights";

/**
 * The layers that face-api's nets are made of, over one net's weights. Values are [n, c, h, w]; padding "same" is
 * TensorFlow's: output = ceil(input / stride), the odd pixel of padding at the lower right.
 */
export class FaceLayers {
  readonly builder: GraphBuilder;
  readonly #weights: FaceWeights;

  constructor(name: string, weights: FaceWeights) {
    this.builder = new GraphBuilder(name);
    this.#weights = weights;
  }

  /** Input `x` [1, 3, size, size] in [-1, 1]. */
  picture(size: number): Value {
    return this.builder.input("x", [1, 3, size, size]);
  }

  /** From [-1, 1] to (bytes - mean) / 255, in which most of the nets were trained. */
  normalise(x: Value, mean: readonly number[]): Value {
    const shift = this.builder.constant(
      mean.map((value) => (127.5 - value) / 255),
      [1, mean.length, 1, 1],
    );
    return add(mul(x, 0.5), shift);
  }

  /** Numbers of a vector weight. */
  vector(name: string): Float32Array {
    return this.#weights.get(name, 1).values();
  }

  /** Numbers of a weight of any shape, unchanged. */
  weight(name: string, axes: number): FaceWeight {
    return this.#weights.get(name, axes);
  }

  /** A kernel as ONNX wants it, [out, in, height, width]; bytes stay bytes until the graph is loaded. */
  kernel(name: string): Value {
    return this.#constant(name, this.#weights.get(name, 4), [3, 2, 0, 1]);
  }

  /** A depthwise kernel [height, width, channels, 1] as [channels, 1, height, width]. */
  depthwiseKernel(name: string): Value {
    return this.#constant(name, this.#weights.get(name, 4), [2, 3, 0, 1]);
  }

  /** A matrix [in, out]. */
  matrix(name: string): Value {
    return this.#constant(name, this.#weights.get(name, 2), [0, 1]);
  }

  bias(name: string): Value {
    const { values, shape } = this.#weights.get(name, 1);
    return this.builder.initializer(name, { type: "float32", shape, data: values() });
  }

  /** Convolution with bias. */
  convolution(
    x: Value,
    kernel: string,
    bias: string,
    stride: number,
    padding: "same" | "valid" = "same",
  ): Value {
    const weight = this.kernel(kernel);
    const pads = padding === "same" ? samePads(x, windowOf(weight), stride) : NO_PADS;
    return conv(x, weight, { bias: this.bias(bias), strides: [stride, stride], pads });
  }

  /** A depthwise convolution, then a pointwise one with bias. */
  separable(x: Value, prefix: string, stride: number): Value {
    const across = this.depthwise(x, this.depthwiseKernel(`${prefix}/depthwise_filter`), stride);
    return this.convolution(across, `${prefix}/pointwise_filter`, `${prefix}/bias`, 1);
  }

  depthwise(x: Value, weight: Value, stride: number, bias?: Value): Value {
    return conv(x, weight, {
      ...(bias === undefined ? {} : { bias }),
      strides: [stride, stride],
      pads: samePads(x, windowOf(weight), stride),
      group: weight.shape[0] ?? 1,
    });
  }

  /** x [n, in] -> [n, out]. */
  dense(x: Value, prefix: string): Value {
    return gemm(x, this.matrix(`${prefix}/weights`), { c: this.bias(`${prefix}/bias`) });
  }

  #constant(name: string, weight: FaceWeight, permutation: readonly number[]): Value {
    const shape = permutation.map((axis) => weight.shape[axis] ?? 1);
    if (weight.quantised === undefined) {
      const values = weight.values();
      const data = permute(values, weight.shape, permutation, new Float32Array(values.length));
      return this.builder.initializer(name, { type: "float32", shape, data });
    }
    const { bytes, scale, zeroPoint } = weight.quantised;
    const data = permute(bytes, weight.shape, permutation, new Uint8Array(bytes.length));
    return dequantizeLinear(this.builder.initializer(name, { type: "uint8", shape, data }), scale, zeroPoint);
  }
}

/** Means of red, green and blue that most of the nets subtract (those of the VGG data sets, as face-api has them). */
export const MEAN_RGB: readonly number[] = [122.782, 117.001, 104.298];

const NO_PADS = [0, 0, 0, 0] as const;

/** TensorFlow's "same" padding as [top, left, bottom, right]. */
export function samePads(
  x: Value,
  [height, width]: readonly [number, number],
  stride: number,
): [number, number, number, number] {
  const total = (size: number, window: number): number =>
    Math.max((Math.ceil(size / stride) - 1) * stride + window - size, 0);
  const vertical = total(x.shape[2] ?? 1, height);
  const horizontal = total(x.shape[3] ?? 1, width);
  const [top, left] = [Math.floor(vertical / 2), Math.floor(horizontal / 2)];
  return [top, left, vertical - top, horizontal - left];
}

/** Max pooling with "same" padding. */
export function maxPoolSame(x: Value, size: number, stride: number): Value {
  return maxPool(x, {
    kernel: [size, size],
    strides: [stride, stride],
    pads: samePads(x, [size, size], stride),
  });
}

/** Half widths and means of boxes: [left, top, right, bottom] from centres and sizes, all [n, k]. */
export function boxesFromCentres(
  x: Value,
  y: Value,
  width: Value,
  height: Value,
): [Value, Value, Value, Value] {
  const [halfWidth, halfHeight] = [mul(width, 0.5), mul(height, 0.5)];
  return [sub(x, halfWidth), sub(y, halfHeight), add(x, halfWidth), add(y, halfHeight)];
}

function windowOf(weight: Value): [number, number] {
  return [weight.shape[2] ?? 1, weight.shape[3] ?? 1];
}

/** Copies a row-major array with its axes in another order: result axis i is source axis permutation[i]. */
function permute<T extends Float32Array | Uint8Array>(
  source: T,
  shape: readonly number[],
  permutation: readonly number[],
  result: T,
): T {
  const sizes = permutation.map((axis) => shape[axis] ?? 1);
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, 1));
  // Where one step along each axis of the source leads in the result.
  const steps = shape.map((_, axis) => strides[permutation.indexOf(axis)] ?? 1);
  let from = 0;
  const walk = (axis: number, start: number): void => {
    const size = shape[axis] ?? 1;
    const step = steps[axis] ?? 1;
    if (axis < shape.length - 1) {
      for (let index = 0; index < size; index++) walk(axis + 1, start + index * step);
      return;
    }
    for (let index = 0, to = start; index < size; index++, to += step) result[to] = source[from++] as number;
  };
  walk(0, 0);
  return result;
}
