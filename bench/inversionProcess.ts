import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inversionGraph, loopOptions } from "../src/engine/inversion";
import { isLarge, openModel, openPack } from "../src/engine/models";
import { elementCount, GraphBuilder, matmul, mul, reduceSum, type Graph } from "../src/engine/onnx";
import { openRuntime, type Runtime } from "../src/engine/runtime";
import { operatorTimes, type OperatorTime } from "./operatorTimes";
import { randomNumbers } from "./randomNumbers";
import { median } from "./statistics";
import { layersFor, randomStyleGan1, squareGraph, STYLE_WIDTH, synthesisWithNoise } from "./styleGan1";

/** What is measured in a process of its own, for its memory. */
export interface GradientTimes {
  readonly milliseconds: readonly number[];
  /** The most memory that the process held, and what it holds between runs. */
  readonly peakBytes: number;
  readonly residentBytes: number;
  /** Multiplications and additions of one run's convolutions and matrix products. */
  readonly operations: number;
  /** Of a product of two square matrices on the same machine, per second. */
  readonly matrixOperationsPerSecond: number;
}

/** Memory of a loop over the embedded model's inversion graph. */
export interface SteadyMemory {
  readonly early: number;
  readonly late: number;
}

/** Runs after which {@link SteadyMemory} is taken. */
export const EARLY = 50;
export const LATE = 1000;
const THREADS = 2;
const MATRIX = 1024;
const MATRIX_RUNS = 10;

async function gradientTimes(side: number, runs: number): Promise<GradientTimes> {
  const runtime = await openRuntime("cpu", { threads: THREADS });
  const layers = layersFor(side);
  const build = (): Graph => squareGraph(synthesisWithNoise(randomStyleGan1(side)), layers);
  // As the fast method has it.
  const session = await runtime.compile(build(), {
    name: "bench",
    ...loopOptions({ isLarge: isLarge(side) }),
  });
  const w = randomNumbers(layers * STYLE_WIDTH, 1, 7);
  const milliseconds: number[] = [];
  for (let run = -1; run < runs; run++) {
    const start = performance.now();
    await session.run({ w });
    if (run >= 0) milliseconds.push(performance.now() - start);
  }
  const residentBytes = process.memoryUsage.rss();
  const peakBytes = 1024 * process.resourceUsage().maxRSS;
  await session.release();
  return {
    milliseconds,
    peakBytes,
    residentBytes,
    operations: operationsOf(build()),
    matrixOperationsPerSecond: await matrixPeak(runtime),
  };
}

/** Where the time of one run goes. */
function profile(side: number, runs: number): Promise<OperatorTime[]> {
  const layers = layersFor(side);
  const graph = squareGraph(synthesisWithNoise(randomStyleGan1(side)), layers);
  const w = randomNumbers(layers * STYLE_WIDTH, 1, 7);
  return operatorTimes(graph, { w }, runs, THREADS);
}

/** The rate of a product of two matrices that the caches suit. */
async function matrixPeak(runtime: Runtime): Promise<number> {
  const builder = new GraphBuilder("matrix");
  const factor = builder.input("factor", []);
  const a = builder.constant(randomNumbers(MATRIX * MATRIX, 1, 1), [MATRIX, MATRIX]);
  const b = builder.constant(randomNumbers(MATRIX * MATRIX, 1, 2), [MATRIX, MATRIX]);
  // Constants alone would be multiplied in advance.
  builder.output("sum", reduceSum(matmul(mul(a, factor), b), undefined, false));
  const session = await runtime.compile(builder.build());
  const seconds: number[] = [];
  for (let run = 0; run < MATRIX_RUNS; run++) {
    const start = performance.now();
    await session.run({ factor: Float32Array.of(1) });
    seconds.push((performance.now() - start) / 1000);
  }
  await session.release();
  return (2 * MATRIX ** 3) / Math.min(...seconds);
}

function operationsOf(graph: Graph): number {
  const shapeOf = (name = ""): readonly number[] =>
    (graph.initializers.get(name) ?? graph.types.get(name))?.shape ?? [];
  return graph.nodes.reduce((sum, { operator, inputs, outputs }) => {
    const [, second = 1, height = 1, width = 1] = shapeOf(inputs[1]);
    const window = second * height * width;
    if (operator === "Conv") return sum + 2 * elementCount(shapeOf(outputs[0])) * window;
    if (operator === "ConvTranspose") return sum + 2 * elementCount(shapeOf(inputs[0])) * window;
    if (operator !== "Gemm") return sum;
    return sum + 2 * elementCount(shapeOf(inputs[1]));
  }, 0);
}

async function steadyMemory(root: string): Promise<SteadyMemory> {
  const runtime = await openRuntime("cpu", { threads: THREADS });
  const model = await openModel(await openPack(join(root, "dist/models/demo")), runtime);
  const synthesis = await model.synthesisGraph(1);
  const session = await runtime.compile(inversionGraph({ synthesis }));
  const feeds: Record<string, Float32Array> = {};
  for (const [name, { shape }] of session.inputs) feeds[name] = randomNumbers(elementCount(shape), 0.5, 3);
  const held: number[] = [];
  let early = NaN;
  for (let run = 1; run <= LATE; run++) {
    await session.run(feeds);
    held.push(residentBytes());
    if (run === EARLY) early = median(held.slice(-10));
  }
  return { early, late: median(held.slice(-10)) };
}

function residentBytes(): number {
  const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return 1024 * Number(kibibytes ?? NaN);
}

async function main([what, ...rest]: readonly string[]): Promise<void> {
  const numbers = rest.map(Number);
  const result =
    what === "gradient"
      ? await gradientTimes(numbers[0] ?? NaN, numbers[1] ?? NaN)
      : what === "profile"
        ? await profile(numbers[0] ?? NaN, numbers[1] ?? NaN)
        : await steadyMemory(rest[0] ?? process.cwd());
  process.stdout.write(JSON.stringify(result));
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
