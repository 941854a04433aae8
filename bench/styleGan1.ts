import { styleGan1Noise, styleGan1Synthesis, type Weights } from "../src/engine/networks";
import { gradient, GraphBuilder, reduceMean, square, type Graph, type Tensor } from "../src/engine/onnx";
import { randomNumbers } from "./randomNumbers";

/** Numbers of a row of w. */
export const STYLE_WIDTH = 512;
const WIDEST = 512;
/** Channels times side of the published generators, where that is less than the widest. */
const WIDTH_TIMES_SIDE = 16384;

/** Rows of w+ of a generator that draws pictures of this side. */
export function layersFor(side: number): number {
  return 2 * Math.log2(side) - 2;
}

/** A StyleGAN1 as wide as the published ones, of random weights. */
export function randomStyleGan1(side: number): Weights {
  const weights = new Map<string, Tensor>();
  const draw = (name: string, shape: readonly number[], scale: number): void => {
    const count = shape.reduce((product, size) => product * size, 1);
    weights.set(name, { type: "float32", shape, data: randomNumbers(count, scale, weights.size + 1) });
  };
  draw("synthesis.const", [1, WIDEST, 4, 4], 1);
  let inner = WIDEST;
  for (let layer = 0; layer < layersFor(side); layer++) {
    const r = 4 * 2 ** Math.floor(layer / 2);
    const out = Math.min(WIDEST, WIDTH_TIMES_SIDE / r);
    const name = `synthesis.layer${layer}`;
    if (layer > 0) draw(`${name}.weight`, [out, inner, 3, 3], Math.sqrt(2 / (9 * inner)));
    draw(`${name}.noise_strength`, [out], 0.1);
    draw(`${name}.noise`, [1, 1, r, r], 1);
    draw(`${name}.bias`, [out], 0.1);
    draw(`${name}.style.weight`, [2 * out, STYLE_WIDTH], 1 / Math.sqrt(STYLE_WIDTH));
    draw(`${name}.style.bias`, [2 * out], 0.1);
    inner = out;
  }
  draw("synthesis.output.weight", [3, inner, 1, 1], 1 / Math.sqrt(inner));
  draw("synthesis.output.bias", [3], 0.1);
  return weights;
}

/** The synthesis graph w -> x with the stored noise as constants, as an inversion runs it. */
export function synthesisWithNoise(weights: Weights): Graph {
  const synthesis = styleGan1Synthesis(weights);
  const builder = GraphBuilder.from(synthesis);
  const inputs = new Map(synthesis.inputs);
  const initializers = new Map(synthesis.initializers);
  for (const { input, stored, resolution: r } of styleGan1Noise(weights)) {
    inputs.delete(input);
    initializers.set(input, { type: "float32", shape: [1, 1, r, r], data: stored });
  }
  return { ...builder.build(), inputs, initializers };
}

/** w -> the mean square of the picture and its derivative. */
export function squareGraph(synthesis: Graph, layers: number): Graph {
  const builder = new GraphBuilder("bench");
  const w = builder.input("w", [1, layers, STYLE_WIDTH]);
  const { x } = builder.inline(synthesis, { w });
  if (x === undefined) throw new Error("the synthesis graph has no output x");
  builder.output("loss", reduceMean(square(x), undefined, false));
  return gradient(builder.build(), "loss", ["w"]);
}
