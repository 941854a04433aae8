import {
  add,
  conv,
  flatten,
  gemm,
  GraphBuilder,
  leakyRelu,
  mul,
  pad,
  type Graph,
  type Value,
} from "../../onnx";
import { sizesOf, weightValue } from "../weights";
import { classifierShape, LAST_RESOLUTION, type CelebaClassifier } from "./weights";

/** The standard deviation over a group of one picture: only what keeps its root away from zero. */
const ONE_PICTURE = Math.sqrt(1e-8);

/**
 * NVIDIA's CelebA-HQ classifier, the discriminator `D_basic` of StyleGAN (Karras et al. 2019).
 *
 * The original compares the pictures of a batch before its last convolution, so that a picture's score depends on its
 * neighbours. Here each picture is scored as if it were alone.
 *
 * @returns a graph x [1,3,S,S] in [-1,1] -> `logit` [1,1], for any batch. The attribute's probability is
 * softmax([logit, -logit])[0] = 1 / (1 + exp(-2 logit)).
 * @throws RfmError("model") where the weights do not fit together.
 */
export function celebaClassifierGraph(classifier: CelebaClassifier): Graph {
  const { resolution } = classifierShape(classifier.weights);
  const builder = new GraphBuilder("classifier");
  const x = builder.input("x", [1, 3, resolution, resolution]);
  builder.output("logit", new Layers(builder, classifier).logit(x));
  return builder.build();
}

class Layers {
  constructor(
    readonly builder: GraphBuilder,
    readonly classifier: CelebaClassifier,
  ) {}

  logit(picture: Value): Value {
    const { resolution, deviations } = classifierShape(this.classifier.weights);
    let x = this.#convolution(picture, "FromRGB_lod0", 1);
    for (let r = resolution; r > LAST_RESOLUTION; r /= 2) {
      x = this.#convolution(x, `${r}x${r}.Conv0`, 3);
      x = this.#halving(this.#blurred(x), `${r}x${r}.Conv1_down`);
    }
    if (deviations > 0) x = pad(x, [0, 0, 0, 0, 0, deviations, 0, 0], "constant", ONE_PICTURE);
    x = this.#convolution(x, "4x4.Conv", 3);
    x = leakyRelu(this.#dense(flatten(x), "4x4.Dense0", Math.SQRT2), 0.2);
    return this.#dense(x, "4x4.Dense1", 1);
  }

  #convolution(x: Value, name: string, size: number): Value {
    const side = (size - 1) / 2;
    const y = conv(x, this.#kernel(x, name, size), {
      bias: this.#value(`${name}.bias`),
      pads: [side, side, side, side],
    });
    return leakyRelu(y, 0.2);
  }

  /**
   * A convolution and 2x2 averaging as one convolution of stride 2: its kernel is the mean of the four places that the
   * small one is averaged over. The original does this from 128 pixels on and both steps below; they are equal.
   */
  #halving(x: Value, name: string): Value {
    const kernel = this.#kernel(x, name, 3);
    const at = (top: number, left: number): Value => pad(kernel, [0, 0, top, left, 0, 0, 1 - top, 1 - left]);
    const sum = add(add(at(0, 0), at(0, 1)), add(at(1, 0), at(1, 1)));
    const y = conv(x, mul(sum, 0.25), {
      bias: this.#value(`${name}.bias`),
      strides: [2, 2],
      pads: [1, 1, 1, 1],
    });
    return leakyRelu(y, 0.2);
  }

  /** Smoothed channel by channel, one axis after the other; zeros lie around. */
  #blurred(x: Value): Value {
    const { blur } = this.classifier;
    if (blur.length === 0) return x;
    const [, channels = 0] = x.shape;
    const sum = blur.reduce((total, tap) => total + tap, 0);
    const taps = Float32Array.from(
      { length: channels * blur.length },
      (_, i) => (blur[i % blur.length] ?? 0) / sum,
    );
    const side = (blur.length - 1) / 2;
    const along = this.builder.constant(taps, [channels, 1, 1, blur.length]);
    const down = this.builder.constant(taps, [channels, 1, blur.length, 1]);
    const rows = conv(x, along, { pads: [0, side, 0, side], group: channels });
    return conv(rows, down, { pads: [side, 0, side, 0], group: channels });
  }

  #dense(x: Value, name: string, gain: number): Value {
    const [, inner = 0] = x.shape;
    const [out] = sizesOf(this.classifier.weights, `${name}.weight`, [undefined, inner]);
    sizesOf(this.classifier.weights, `${name}.bias`, [out]);
    const weight = this.#value(`${name}.weight`, gain / Math.sqrt(inner));
    return gemm(x, weight, { c: this.#value(`${name}.bias`), transB: true });
  }

  #kernel(x: Value, name: string, size: number): Value {
    const [, inner = 0] = x.shape;
    const [out] = sizesOf(this.classifier.weights, `${name}.weight`, [undefined, inner, size, size]);
    sizesOf(this.classifier.weights, `${name}.bias`, [out]);
    return this.#value(`${name}.weight`, Math.SQRT2 / Math.sqrt(inner * size ** 2));
  }

  #value(name: string, factor = 1): Value {
    return weightValue(this.builder, this.classifier.weights, name, factor);
  }
}
