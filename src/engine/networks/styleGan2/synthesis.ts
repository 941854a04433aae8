import { RfmError } from "../../files";
import {
  add,
  conv,
  gemm,
  GraphBuilder,
  leakyRelu,
  matmul,
  mul,
  reduceSum,
  reshape,
  rsqrt,
  split,
  square,
  transpose,
  type Graph,
  type Value,
} from "../../onnx";
import { sizesOf, weightValue, type Weights } from "../weights";
import { layerNoise, type LayerNoise } from "./noise";
import { layerResolution, styleGan2Shape } from "./shape";
import { upsamplePicture, upsamplingConvolution } from "./upsampling";

/**
 * StyleGAN2's synthesis network with skip architecture, in the genforce layout (`synthesis.early_layer.const`,
 * `synthesis.layer{i}`, `synthesis.output{k}`). Every size comes from the weights.
 *
 * Modulated convolutions share one kernel: input channels are scaled by the style, output channels by the
 * demodulation, which equals modulating the kernel for each sample (Karras et al. 2020, section 2.2).
 *
 * @returns a graph w [1,L,W] -> x [1,3,S,S], about [-1,1] and not clipped, for any batch. Each layer whose noise
 * has a strength takes it as one more input, {@link styleGan2Noise}.
 */
export function styleGan2Synthesis(weights: Weights): Graph {
  const shape = styleGan2Shape(weights);
  const builder = new GraphBuilder("synthesis");
  const w = builder.input("w", [1, shape.layers, shape.wDimension]);
  const rows = split(w, 1, new Array<number>(shape.layers).fill(1));
  const layers = new StyledLayers(
    builder,
    weights,
    rows.map((row) => reshape(row, [0, shape.wDimension])),
  );
  let x = weightValue(builder, weights, "synthesis.early_layer.const");
  let picture: Value | undefined;
  for (let index = 0; index < shape.layers - 1; index++) {
    x = layers.convolution(x, index);
    if (index % 2 === 1) continue;
    const rgb = layers.toRgb(x, index / 2, index + 1);
    picture = picture === undefined ? rgb : add(rgb, upsamplePicture(picture));
  }
  if (picture === undefined) throw new RfmError("model", "The checkpoint has no synthesis layers.");
  builder.output("x", picture);
  return builder.build();
}

/** The noise inputs that {@link styleGan2Synthesis} has for these weights, from the smallest picture up. */
export function styleGan2Noise(weights: Weights): LayerNoise[] {
  const { layers } = styleGan2Shape(weights);
  return Array.from({ length: layers - 1 }, (_, index) =>
    layerNoise(weights, index, layerResolution(index)),
  ).filter((noise) => noise !== undefined);
}

/** Convolutions whose channels are scaled by their row of w+. */
class StyledLayers {
  readonly #builder: GraphBuilder;
  readonly #weights: Weights;
  readonly #rows: readonly Value[];

  constructor(builder: GraphBuilder, weights: Weights, rows: readonly Value[]) {
    this.#builder = builder;
    this.#weights = weights;
    this.#rows = rows;
  }

  /** Layer `index`; every second one doubles the resolution. */
  convolution(x: Value, index: number): Value {
    const name = `synthesis.layer${index}`;
    const [, inner = 0] = x.shape;
    const [out] = sizesOf(this.#weights, `${name}.weight`, [undefined, inner, 3, 3]);
    sizesOf(this.#weights, `${name}.bias`, [out]);
    const style = this.#style(name, index, inner);
    const weight = this.#value(`${name}.weight`, 1 / Math.sqrt(inner * 9));
    const modulated = mul(x, perChannel(style));
    const y =
      index % 2 === 1
        ? upsamplingConvolution(modulated, weight)
        : conv(modulated, weight, { pads: [1, 1, 1, 1] });
    // LeakyReLU is homogeneous: its gain of sqrt(2) is spent on the small factors and summands before it.
    const demodulated = mul(y, perChannel(mul(demodulation(style, weight), Math.SQRT2)));
    const noisy = this.#addNoise(demodulated, index);
    const bias = reshape(this.#value(`${name}.bias`, Math.SQRT2), [1, out, 1, 1]);
    return leakyRelu(add(noisy, bias), 0.2);
  }

  /** The picture at one level, modulated but not demodulated, without activation. */
  toRgb(x: Value, level: number, row: number): Value {
    const name = `synthesis.output${level}`;
    const [, inner = 0] = x.shape;
    const [out] = sizesOf(this.#weights, `${name}.weight`, [undefined, inner, 1, 1]);
    sizesOf(this.#weights, `${name}.bias`, [out]);
    const style = this.#style(name, row, inner);
    const weight = this.#value(`${name}.weight`, 1 / Math.sqrt(inner));
    return conv(mul(x, perChannel(style)), weight, { bias: this.#value(`${name}.bias`) });
  }

  #addNoise(x: Value, index: number): Value {
    const noise = layerNoise(this.#weights, index, x.shape[2] ?? 0);
    if (noise === undefined) return x;
    const input = this.#builder.input(noise.input, [1, 1, noise.resolution, noise.resolution]);
    return add(x, mul(input, noise.strength * Math.SQRT2));
  }

  /** Scales of the input channels [n,channels]; the stored bias lacks the one that leaves them as they are. */
  #style(name: string, row: number, channels: number): Value {
    const w = this.#rows[row];
    if (w === undefined)
      throw new RfmError("model", `The layer ${name} has no row of w+; check the checkpoint.`);
    const [, width = 0] = w.shape;
    sizesOf(this.#weights, `${name}.style.weight`, [channels, width]);
    sizesOf(this.#weights, `${name}.style.bias`, [channels]);
    const weight = this.#value(`${name}.style.weight`, 1 / Math.sqrt(width));
    return gemm(w, weight, { c: add(this.#value(`${name}.style.bias`), 1), transB: true });
  }

  #value(name: string, factor = 1): Value {
    return weightValue(this.#builder, this.#weights, name, factor);
  }
}

/** 1 / length of every output channel's modulated kernel: [n,i] and [o,i,k,k] -> [n,o]. */
function demodulation(style: Value, weight: Value): Value {
  const energy = transpose(reduceSum(square(weight), [2, 3], false), [1, 0]);
  return rsqrt(add(matmul(square(style), energy), 1e-8));
}

function perChannel(vector: Value): Value {
  return reshape(vector, [0, vector.shape[1] ?? 0, 1, 1]);
}
