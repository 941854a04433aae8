/** Runs small graphs on WebGPU and on the CPU and sends both results to the parent process. */
import {
  conv,
  gradient,
  gradientName,
  GraphBuilder,
  instanceNormalization,
  leakyRelu,
  mul,
  reduceMean,
  type Graph,
} from "../../../src/engine/onnx";
import { openRuntime, type Attempt, type ProviderName } from "../../../src/engine/runtime";
import { Random } from "../../support/random";

/** What the program sends: one result per question, or the sentence it was refused with. */
export type WebgpuReport =
  | {
      readonly provider: ProviderName;
      readonly auto: { readonly provider: ProviderName; readonly attempts: readonly Attempt[] };
      readonly forward: Comparison;
      readonly gradient: Comparison;
    }
  | { readonly error: string };

/** The same numbers of two providers. */
export interface Comparison {
  readonly webgpu: Float32Array;
  readonly cpu: Float32Array;
}

const random = new Random(7);
const CHANNELS = 4;
const SIZE = 8;

/** x -> conv, LeakyReLU, instance norm -> y; loss = mean(y^2 * target). */
function network(): Graph {
  const builder = new GraphBuilder("webgpu-probe");
  const x = builder.input("x", [1, 3, SIZE, SIZE]);
  const target = builder.input("target", [1, CHANNELS, SIZE, SIZE]);
  const weight = builder.constant(random.normals(CHANNELS * 27), [CHANNELS, 3, 3, 3]);
  const bias = builder.constant(random.normals(CHANNELS));
  const hidden = leakyRelu(conv(x, weight, { bias, pads: [1, 1, 1, 1] }), 0.2);
  const y = instanceNormalization(
    hidden,
    builder.constant([1, 2, 0.5, 1]),
    builder.constant([0, 1, -1, 0.5]),
    1e-5,
  );
  builder.output("y", y);
  builder.output("loss", reduceMean(mul(mul(y, y), target), [0, 1, 2, 3], false));
  return builder.build();
}

const graph = network();
const feeds = { x: random.normals(3 * SIZE * SIZE), target: random.normals(CHANNELS * SIZE * SIZE) };

/** One session for both: a software device takes seconds to compile its programs. */
async function compute(provider: ProviderName): Promise<Record<"forward" | "gradient", Float32Array>> {
  const runtime = await openRuntime(provider);
  const session = await runtime.compile(gradient(graph, "loss", ["x"]));
  // The second run tells whether preallocated outputs are really filled again.
  await session.run({ ...feeds, x: new Float32Array(feeds.x.length) });
  const results = await session.run(feeds);
  const copy = (name: string): Float32Array => results[name]?.slice() ?? new Float32Array();
  const copies = { forward: copy("y"), gradient: copy(gradientName("loss", "x")) };
  await runtime.dispose();
  return copies;
}

async function report(): Promise<WebgpuReport> {
  try {
    const { provider } = await openRuntime("webgpu");
    const auto = await openRuntime("auto");
    const webgpu = await compute("webgpu");
    const cpu = await compute("cpu");
    return {
      provider,
      auto: { provider: auto.provider, attempts: auto.attempts },
      forward: { webgpu: webgpu.forward, cpu: cpu.forward },
      gradient: { webgpu: webgpu.gradient, cpu: cpu.gradient },
    };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

void report().then((result) =>
  process.send?.(result, () => {
    process.disconnect();
  }),
);
