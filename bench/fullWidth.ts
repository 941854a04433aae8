import { styleGan2Noise, styleGan2Synthesis, type Weights } from "../src/engine/networks";
import {
  gradient,
  gradientName,
  GraphBuilder,
  reduceMean,
  square,
  type Graph,
  type Tensor,
} from "../src/engine/onnx";
import { openRuntime, type Runtime } from "../src/engine/runtime";
import type { Benchmark, Measure } from "./measure";
import { randomNumbers } from "./randomNumbers";

const RESOLUTION = 1024;
const LAYERS = 18;
const WIDTH = 512;
/** A minute is what a person waits. */
const GOAL_SECONDS = 60;
const GOAL_GIBIBYTES = 8;

/** A StyleGAN2 as wide and large as NVIDIA's, of random weights: what an imported one costs. */
export const fullWidthBenchmark: Benchmark = {
  title: "A StyleGAN2 of 1024 pixels at full width",
  about:
    "Random weights in the sizes of NVIDIA's configuration F, batch 1, CPU: one picture from w+, then one picture and the derivative of its mean square with respect to w+. Memory is the most that this process has held so far.",
  run: async () => {
    const runtime = await openRuntime("cpu");
    const weights = randomWeights();
    const forward = await timed(runtime, lossGraph(weights));
    const backward = await timed(runtime, gradient(lossGraph(weights), "loss", ["w"]));
    await runtime.dispose();
    return [row("picture", forward), row("picture and derivative", backward)];
  },
};

interface Timed {
  readonly seconds: number;
  readonly gibibytes: number;
}

/** One run; without an arena, which would hold on to twice the memory for a second one. */
async function timed(runtime: Runtime, graph: Graph): Promise<Timed> {
  const session = await runtime.compile(graph, { arena: false });
  const start = performance.now();
  const results = await session.run({ w: randomNumbers(LAYERS * WIDTH, 1, 7) });
  const seconds = (performance.now() - start) / 1000;
  const slopes = results[gradientName("loss", "w")];
  if (slopes?.every(Number.isFinite) === false) throw new Error("the gradient is not finite");
  await session.release();
  return { seconds, gibibytes: process.resourceUsage().maxRSS / 2 ** 20 };
}

function row(what: string, { seconds, gibibytes }: Timed): Measure {
  return {
    what,
    value: `${seconds.toFixed(1)} s, ${gibibytes.toFixed(1)} GiB`,
    against: `goal <= ${GOAL_SECONDS} s, ${GOAL_GIBIBYTES} GiB`,
    holds: seconds <= GOAL_SECONDS && gibibytes <= GOAL_GIBIBYTES,
  };
}

/** w -> x and mean(x^2), the noise as constants. */
function lossGraph(weights: Weights): Graph {
  const builder = new GraphBuilder("full width");
  const w = builder.input("w", [1, LAYERS, WIDTH]);
  const noise = styleGan2Noise(weights).map(
    ({ input, stored, resolution: r }) => [input, builder.constant(stored, [1, 1, r, r])] as const,
  );
  const { x } = builder.inline(styleGan2Synthesis(weights), { w, ...Object.fromEntries(noise) });
  if (x === undefined) throw new Error("the synthesis graph has no output x");
  builder.output("x", x);
  builder.output("loss", reduceMean(square(x)));
  return builder.build();
}

function randomWeights(): Weights {
  const weights = new Map<string, Tensor>();
  const draw = (name: string, shape: readonly number[], scale = 1): void => {
    const count = shape.reduce((product, size) => product * size, 1);
    weights.set(name, { type: "float32", shape, data: randomNumbers(count, scale, weights.size + 1) });
  };
  const styled = (name: string, out: number, inner: number, kernel: number): void => {
    draw(`${name}.weight`, [out, inner, kernel, kernel]);
    draw(`${name}.bias`, [out], 0.1);
    draw(`${name}.style.weight`, [inner, WIDTH]);
    draw(`${name}.style.bias`, [inner], 0.1);
  };
  // The mapping network is not run, but its first weight tells the size of z.
  draw("mapping.dense0.weight", [WIDTH, WIDTH]);
  draw("synthesis.early_layer.const", [1, WIDTH, 4, 4]);
  let [inner, layer] = [WIDTH, 0];
  for (let r = 4; r <= RESOLUTION; r *= 2) {
    const out = Math.min(WIDTH, 32768 / r);
    for (let i = r === 4 ? 1 : 0; i < 2; i++, layer++) {
      styled(`synthesis.layer${layer}`, out, inner, 3);
      draw(`synthesis.layer${layer}.noise`, [1, 1, r, r]);
      draw(`synthesis.layer${layer}.noise_strength`, [], 0.1);
      inner = out;
    }
    styled(`synthesis.output${Math.log2(r / 4)}`, 3, out, 1);
  }
  return weights;
}
