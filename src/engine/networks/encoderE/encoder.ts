import {
  add,
  averagePool,
  concat,
  conv,
  flatten,
  gemm,
  GraphBuilder,
  leakyRelu,
  mul,
  reduceMean,
  reshape,
  rsqrt,
  sqrt,
  square,
  sub,
  type Graph,
  type Value,
} from "../../onnx";
import { blur } from "../blur";
import { fourShifts } from "../fourShifts";
import { sizesOf, weightValue, type Weights } from "../weights";
import { COLOURS, encoderEShape, type EncoderEShape } from "./shape";

/** What instance normalisation adds to a variance. */
const EPSILON = 1e-8;
/** Keeps the derivative of a standard deviation finite where a channel is flat; shows in none above 1e-5. */
const FLAT = 1e-12;
/** How much of a block's result is new, and how much is handed through. */
const NEW_SHARE = 0.111;
const OLD_SHARE = 0.889;
/**
 * The encoder E of RFM and MTV-TSA from its published weights (`FromRGB.from_rgb`, `decode_block.{i}`): a StyleGAN1
 * generator backwards, whose blocks read their two styles off the mean and the standard deviation of every channel.
 *
 * Its noise, random in the original, is left out. Every weight is a constant of the graph under its published name, so
 * that `gradient` can take derivatives with respect to it.
 *
 * @returns a graph x [1,3,S,S] in [-1,1] -> w [1,L,W], not truncated, and const [1,C,4,4], for any batch.
 * @throws RfmError("model") where the weights are no E's.
 */
export function encoderE(weights: Weights): Graph {
  const shape = encoderEShape(weights);
  const builder = new GraphBuilder("encoder");
  const x = builder.input("x", [1, COLOURS, shape.resolution, shape.resolution]);
  const blocks = new EncoderBlocks(builder, weights, shape);
  let features = blocks.fromRgb(x);
  let rows: Value[] = [];
  for (let index = 0; index < shape.blocks; index++) {
    const { first, second, result } = blocks.apply(features, index);
    // The generator begins where the encoder ends.
    rows = [second, first, ...rows];
    features = result;
  }
  const [head, ...rest] = rows.map((row) => reshape(row, [-1, 1, shape.wDimension]));
  if (head !== undefined) builder.output("w", concat([head, ...rest], 1));
  builder.output("const", features);
  return builder.build();
}

interface Block {
  /** The style of the first half [n,W], read off the block's input. */
  readonly first: Value;
  readonly second: Value;
  readonly result: Value;
}

class EncoderBlocks {
  readonly #builder: GraphBuilder;
  readonly #weights: Weights;
  readonly #shape: EncoderEShape;

  constructor(builder: GraphBuilder, weights: Weights, shape: EncoderEShape) {
    this.#builder = builder;
    this.#weights = weights;
    this.#shape = shape;
  }

  /** Features of the picture at full size. */
  fromRgb(x: Value): Value {
    const name = "FromRGB.from_rgb";
    return leakyRelu(conv(x, this.#value(`${name}.weight`), { bias: this.#value(`${name}.bias`) }), 0.2);
  }

  /** One block: [n,i,h,w] -> [n,o,h/2,w/2], the last one [n,c,4,4] -> [n,c,4,4]. */
  apply(x: Value, index: number): Block {
    const name = `decode_block.${index}`;
    const before = statistics(x);
    const bias = this.#bias(`${name}.bias_1`, x.shape[1]);
    const y = leakyRelu(
      conv(before.normalised, this.#kernel(`${name}.conv_1`, x.shape[1]), { bias, pads: [1, 1, 1, 1] }),
      0.2,
    );
    const between = statistics(y);
    return {
      first: this.#style(`${name}.inver_mod1`, before),
      second: this.#style(`${name}.inver_mod2`, between),
      result: this.#mix(this.#second(between.normalised, index), this.#residual(x, index)),
    };
  }

  /** The second convolution, which halves the size; the last block has none. */
  #second(normalised: Value, index: number): Value {
    const name = `decode_block.${index}`;
    if (index === this.#shape.blocks - 1) return normalised;
    const x = this.#shape.isBlurred ? blur(normalised) : normalised;
    const kernel = this.#kernel(`${name}.conv_2`, x.shape[1]);
    const bias = this.#bias(`${name}.bias_2`, kernel.shape[0]);
    if (index < this.#shape.fusedBlocks)
      return leakyRelu(conv(x, halving(kernel), { bias, strides: [2, 2], pads: [1, 1, 1, 1] }), 0.2);
    return halved(leakyRelu(conv(x, kernel, { bias, pads: [1, 1, 1, 1] }), 0.2));
  }

  #residual(x: Value, index: number): Value {
    const name = `decode_block.${index}.conv_3`;
    const smaller = index === this.#shape.blocks - 1 ? x : halved(x);
    if (!this.#weights.has(`${name}.weight`)) return smaller;
    sizesOf(this.#weights, `${name}.weight`, [undefined, smaller.shape[1], 1, 1]);
    return conv(smaller, this.#value(`${name}.weight`), { bias: this.#value(`${name}.bias`) });
  }

  #mix(fresh: Value, residual: Value): Value {
    return add(mul(fresh, NEW_SHARE), mul(residual, OLD_SHARE));
  }

  /** A row of w+ from the means and standard deviations of all channels. */
  #style(name: string, { mean, deviation }: Statistics): Value {
    const inner = 2 * (mean.shape[1] ?? 0);
    sizesOf(this.#weights, `${name}.weight`, [this.#shape.wDimension, inner]);
    sizesOf(this.#weights, `${name}.bias`, [this.#shape.wDimension]);
    const both = concat([flatten(mean), flatten(deviation)], 1);
    return gemm(both, this.#value(`${name}.weight`), { c: this.#value(`${name}.bias`), transB: true });
  }

  #kernel(name: string, inner: number | undefined): Value {
    sizesOf(this.#weights, `${name}.weight`, [undefined, inner, 3, 3]);
    return this.#value(`${name}.weight`);
  }

  /** Stored as [1,C,1,1]. */
  #bias(name: string, channels: number | undefined): Value {
    sizesOf(this.#weights, name, [1, channels, 1, 1]);
    return reshape(this.#value(name), [-1]);
  }

  #value(name: string): Value {
    return weightValue(this.#builder, this.#weights, name);
  }
}

interface Statistics {
  /** [n,c,1,1] both. */
  readonly mean: Value;
  readonly deviation: Value;
  readonly normalised: Value;
}

/** Instance normalisation with the statistics that it is made of, each computed once. */
function statistics(x: Value): Statistics {
  const mean = reduceMean(x, [2, 3]);
  const centred = sub(x, mean);
  const variance = reduceMean(square(centred), [2, 3]);
  return {
    mean,
    deviation: sqrt(add(variance, FLAT)),
    normalised: mul(centred, rsqrt(add(variance, EPSILON))),
  };
}

/** Each 2x2 square as its mean. */
function halved(x: Value): Value {
  return averagePool(x, { kernel: [2, 2] });
}

/** A kernel 3x3 followed by the mean of 2x2 squares as one kernel 4x4 of stride 2. */
function halving(kernel: Value): Value {
  return mul(fourShifts(kernel), 1 / 4);
}
