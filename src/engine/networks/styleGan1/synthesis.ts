import {
  add,
  conv,
  gemm,
  GraphBuilder,
  instanceNormalization,
  leakyRelu,
  matmul,
  mul,
  reshape,
  split,
  type Graph,
  type Value,
} from "../../onnx";
import { blur } from "../blur";
import { sizesOf, weightValue, type Weights } from "../weights";
import { noiseInput } from "./noise";
import { COLOURS, layerResolution, styleGan1Shape, type StyleGan1Shape } from "./shape";
import { upsamplingConvolution } from "./upsampling";

/** What instance normalisation adds to a variance. */
const EPSILON = 1e-8;

/**
 * StyleGAN1's synthesis network from canonical weights ({@link styleGan1Shape}); of the pictures at all sizes only the
 * last one. Every size comes from the weights.
 *
 * The published networks convolve a repeated picture below 128 pixels and use a transposed convolution of the same
 * numbers from there on; both are one map, and here one graph.
 *
 * @returns a graph w [1,L,W] -> x [1,3,S,S], about [-1,1] and not clipped, for any batch. Each layer whose noise has a
 * strength takes it as one more input, `styleGan1Noise`.
 */
export function styleGan1Synthesis(weights: Weights): Graph {
  const shape = styleGan1Shape(weights);
  const builder = new GraphBuilder("synthesis");
  const w = builder.input("w", [1, shape.layers, shape.wDimension]);
  const rows = split(w, 1, new Array<number>(shape.layers).fill(1));
  const layers = new SynthesisLayers(builder, weights, shape);
  const picture = rows.reduce<Value | undefined>(
    (x, row, index) => layers.apply(x, reshape(row, [0, shape.wDimension]), index),
    undefined,
  );
  builder.output("x", layers.toRgb(picture));
  return builder.build();
}

class SynthesisLayers {
  readonly #builder: GraphBuilder;
  readonly #weights: Weights;
  readonly #shape: StyleGan1Shape;

  constructor(builder: GraphBuilder, weights: Weights, shape: StyleGan1Shape) {
    this.#builder = builder;
    this.#weights = weights;
    this.#shape = shape;
  }

  /** Convolution, noise, bias, LeakyReLU, normalisation and style: [n,i,h,w] -> [n,o,h,w], or twice as large. */
  apply(x: Value | undefined, w: Value, index: number): Value {
    const features = x === undefined ? this.#constant() : this.#convolution(x, index);
    const active = leakyRelu(this.#addNoise(features, index), 0.2);
    const style = this.#style(w, index);
    // Without noise the constant has no batch to give the normalisation one scale for each sample of.
    return x === undefined ? normaliseApart(active, style) : normaliseTogether(active, style);
  }

  /** The picture [n,3,S,S], without activation. */
  toRgb(x = this.#constant()): Value {
    sizesOf(this.#weights, "synthesis.output.weight", [COLOURS, x.shape[1], 1, 1]);
    sizesOf(this.#weights, "synthesis.output.bias", [COLOURS]);
    return onePixelConvolution(
      x,
      this.#value("synthesis.output.weight"),
      this.#value("synthesis.output.bias"),
    );
  }

  /** The constant with its bias, which no convolution adds. */
  #constant(): Value {
    const bias = reshape(this.#bias(0), [1, this.#channels(0), 1, 1]);
    return add(this.#value("synthesis.const"), bias);
  }

  /** Every even layer doubles the size and smooths. Biases belong to the last convolution, which adds them in passing. */
  #convolution(x: Value, index: number): Value {
    const weight = this.#value(`synthesis.layer${index}.weight`);
    const bias = this.#bias(index);
    if (index % 2 === 1) return conv(x, weight, { bias, pads: [1, 1, 1, 1] });
    return blur(upsamplingConvolution(x, weight), bias);
  }

  #addNoise(x: Value, index: number): Value {
    const input = noiseInput(this.#weights, index);
    if (input === undefined) return x;
    const name = `synthesis.layer${index}.noise_strength`;
    const channels = this.#channels(index);
    sizesOf(this.#weights, name, [channels]);
    const side = layerResolution(index);
    const noise = this.#builder.input(input, [1, 1, side, side]);
    // One channel to many is a convolution of one pixel, which ONNX Runtime's CPU provider joins with the sum.
    return add(x, conv(noise, reshape(this.#value(name), [channels, 1, 1, 1])));
  }

  /** What channels are multiplied with and what is added to them, both [n,channels]. */
  #style(w: Value, index: number): Style {
    const name = `synthesis.layer${index}.style`;
    const channels = this.#channels(index);
    sizesOf(this.#weights, `${name}.weight`, [2 * channels, this.#shape.wDimension]);
    sizesOf(this.#weights, `${name}.bias`, [2 * channels]);
    const style = gemm(w, this.#value(`${name}.weight`), { c: this.#value(`${name}.bias`), transB: true });
    const [scale = style, shift = style] = split(style, 1, [channels, channels]);
    return { scale: add(scale, 1), shift };
  }

  #bias(index: number): Value {
    const name = `synthesis.layer${index}.bias`;
    sizesOf(this.#weights, name, [this.#channels(index)]);
    return this.#value(name);
  }

  #channels(index: number): number {
    return this.#shape.channels[index] ?? 0;
  }

  #value(name: string): Value {
    return weightValue(this.#builder, this.#weights, name);
  }
}

/**
 * A convolution of one pixel, as a product of matrices: for its few channels ONNX Runtime's CPU provider would order all of
 * the features anew and make as many colours as its vectors are wide, a twelfth of all memory at 1024 pixels.
 */
function onePixelConvolution(x: Value, weight: Value, bias: Value): Value {
  const [out = 0, inner = 0] = weight.shape;
  const [, , height = 0, width = 0] = x.shape;
  const pixels = reshape(x, [0, inner, height * width]);
  const colours = add(matmul(reshape(weight, [out, inner]), pixels), reshape(bias, [out, 1]));
  return reshape(colours, [-1, out, height, width]);
}

interface Style {
  readonly scale: Value;
  readonly shift: Value;
}

/**
 * Instance normalisation whose scale and bias are the style, all samples' channels side by side: one node, and its
 * derivative gives the style's in the same passes. Half the time of multiplying and adding afterwards, measured on the
 * CPU provider forward and backward.
 */
function normaliseTogether(x: Value, { scale, shift }: Style): Value {
  const [, channels = 0, height = 0, width = 0] = x.shape;
  const beside = reshape(x, [1, -1, height, width]);
  const normalised = instanceNormalization(beside, reshape(scale, [-1]), reshape(shift, [-1]), EPSILON);
  return reshape(normalised, [-1, channels, height, width]);
}

/** The same in two steps, for an x of one sample and styles of many. */
function normaliseApart(x: Value, { scale, shift }: Style): Value {
  const [, channels = 0] = x.shape;
  const constant = (value: number): Value =>
    x.owner.constant(new Float32Array(channels).fill(value), [channels]);
  const normalised = instanceNormalization(x, constant(1), constant(0), EPSILON);
  return add(mul(normalised, perChannel(scale)), perChannel(shift));
}

function perChannel(vector: Value): Value {
  return reshape(vector, [0, vector.shape[1] ?? 0, 1, 1]);
}
