import {
  add,
  conv,
  div,
  GraphBuilder,
  maxPool,
  mul,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  sqrt,
  square,
  sub,
  type Graph,
  type Value,
} from "../../onnx";
import { sizesOf, weightValue, type Weights } from "../weights";

/** VGG16's convolutions by their number in torchvision's `features`, in blocks that halve the picture before them. */
const BLOCKS: readonly (readonly number[])[] = [
  [0, 2],
  [5, 7],
  [10, 12, 14],
  [17, 19, 21],
  [24, 26, 28],
];
/** What the pictures are shifted and scaled by: ImageNet's colours, for pictures in [-1,1]. */
const SHIFT = [-0.03, -0.088, -0.188];
const SCALE = [0.458, 0.448, 0.45];
const EPSILON = 1e-10;

/**
 * LPIPS (Zhang et al. 2018) on VGG16: the weighted squared difference of features of unit length, averaged over each of
 * five pictures of features and summed. Weights are torchvision's `features.{i}.{weight,bias}` and the metric's own
 * `lin{k}.weight` [1,C,1,1].
 *
 * @param size height and width of the pictures, at least 16.
 * @returns a graph a, b [1,3,H,W] in [-1,1] -> `distance` [1], one for each pair, for any batch. It can be differentiated.
 * @throws RfmError("model") where the weights do not fit together.
 */
export function lpips(weights: Weights, size: readonly [number, number]): Graph {
  const builder = new GraphBuilder("lpips");
  const vgg = new Vgg(builder, weights);
  const features = vgg.features(builder.input("a", [1, 3, ...size]));
  const others = vgg.features(builder.input("b", [1, 3, ...size]));
  const distances = features.map((feature, index) => {
    const other = others[index] ?? feature;
    const [, channels = 0] = feature.shape;
    sizesOf(weights, `lin${index}.weight`, [1, channels, 1, 1]);
    const difference = square(sub(unitLength(feature), unitLength(other)));
    const weighted = mul(difference, vgg.value(`lin${index}.weight`));
    return reduceMean(reduceSum(weighted, [1]), [2, 3], false);
  });
  const [first, ...rest] = distances;
  if (first !== undefined) builder.output("distance", reshape(rest.reduce(add, first), [-1]));
  return builder.build();
}

class Vgg {
  readonly #values = new Map<string, Value>();

  constructor(
    readonly builder: GraphBuilder,
    readonly weights: Weights,
  ) {}

  /** What comes out of the last convolution of each block: relu1_2, relu2_2, relu3_3, relu4_3, relu5_3. */
  features(picture: Value): Value[] {
    const colours = (values: readonly number[]): Value => this.builder.constant(values, [1, 3, 1, 1]);
    let x = div(sub(picture, colours(SHIFT)), colours(SCALE));
    return BLOCKS.map((block, index) => {
      if (index > 0) x = maxPool(x, { kernel: [2, 2] });
      for (const number of block) x = relu(this.#convolution(x, `features.${number}`));
      return x;
    });
  }

  /** A weight as one value of the graph, however often it is used. */
  value(name: string): Value {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const value = weightValue(this.builder, this.weights, name);
    this.#values.set(name, value);
    return value;
  }

  #convolution(x: Value, name: string): Value {
    const [, inner = 0] = x.shape;
    const [out] = sizesOf(this.weights, `${name}.weight`, [undefined, inner, 3, 3]);
    sizesOf(this.weights, `${name}.bias`, [out]);
    return conv(x, this.value(`${name}.weight`), { bias: this.value(`${name}.bias`), pads: [1, 1, 1, 1] });
  }
}

/** Each pixel's channels divided by their length; the root of its square keeps the slope of an empty pixel finite. */
function unitLength(x: Value): Value {
  const length = sqrt(add(reduceSum(square(x), [1]), EPSILON ** 2));
  return div(x, add(length, EPSILON));
}
