import { conv, GraphBuilder, instanceNormalization, leakyRelu, type Graph, type Value } from "../onnx";
import { compile } from "./compile";
import type { Library } from "./library";
import type { ProviderName } from "./types";

/** Size of a probe: a square of `size` pixels through `depth` blocks of `channels` channels. */
export interface ProbeSize {
  readonly channels: number;
  readonly size: number;
  readonly depth: number;
}

/** Small enough for the slowest software adapter (about 5 MFLOP): whether a provider's numbers are right. */
export const CHECK: ProbeSize = { channels: 16, size: 32, depth: 1 };

/** A generator's inner layers in small (about 1.2 GFLOP): whether a provider is worth using. */
export const BENCHMARK: ProbeSize = { channels: 64, size: 64, depth: 4 };

/** What a probe computed and how long its best repetition took, in milliseconds. */
export interface ProbeResult {
  readonly output: Float32Array;
  readonly milliseconds: number;
}

/**
 * Runs a probe on one provider: convolution, LeakyReLU and instance normalisation, the operators that
 * generators spend their time in.
 *
 * @param repetitions timed runs after the first, which compiles shaders and is not counted.
 */
export async function runProbe(
  library: Library,
  provider: ProviderName,
  threads: number,
  probe: ProbeSize,
  repetitions: number,
): Promise<ProbeResult> {
  const session = await compile(
    library,
    { provider, threads, arena: true },
    probeGraph(probe),
    {},
    () => undefined,
  );
  try {
    const x = waves(probe.channels * probe.size * probe.size, 0.7);
    const output = (await session.run({ x }))["y"]?.slice() ?? new Float32Array();
    let milliseconds = Infinity;
    for (let run = 0; run < repetitions; run++) {
      const start = performance.now();
      await session.run({ x });
      milliseconds = Math.min(milliseconds, performance.now() - start);
    }
    return { output, milliseconds };
  } finally {
    await session.release();
  }
}

/** The probe's graph: x -> y, both [1, channels, size, size]. */
export function probeGraph({ channels, size, depth }: ProbeSize): Graph {
  const builder = new GraphBuilder("probe");
  const scale = builder.constant(new Float32Array(channels).fill(1));
  const bias = builder.constant(new Float32Array(channels));
  let x: Value = builder.input("x", [1, channels, size, size]);
  for (let block = 0; block < depth; block++) {
    const weight = builder.constant(waves(channels * channels * 9, 1.3 + block), [channels, channels, 3, 3]);
    x = instanceNormalization(leakyRelu(conv(x, weight, { pads: [1, 1, 1, 1] }), 0.2), scale, bias, 1e-5);
  }
  builder.output("y", x);
  return builder.build();
}

/** The largest difference of two arrays' elements; infinite where one of them is no number. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (const [index, value] of a.entries()) {
    const difference = Math.abs(value - (b[index] ?? NaN));
    if (Number.isNaN(difference)) return Infinity;
    largest = Math.max(largest, difference);
  }
  return largest;
}

/** Numbers in [-1, 1] without a pattern that repeats within a probe. */
function waves(count: number, frequency: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) =>
    Math.sin(frequency * index + 0.001 * index * index),
  );
}
