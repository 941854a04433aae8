import {
  equalisationOf,
  RFM_COEFFICIENTS,
  rfmGraph,
  shrunkSize,
  viewOf,
  VIEWS,
  weightName,
} from "../src/engine/inversion";
import { RfmState } from "../src/engine/inversion/rfm/state";
import { HoistedSession } from "../src/engine/inversion/session/hoistedSession";
import { lpips } from "../src/engine/networks";
import { gradientName } from "../src/engine/onnx";
import { openRuntime } from "../src/engine/runtime";
import { randomNumbers } from "./randomNumbers";
import { randomEncoder, randomLpips } from "./rfmNetworks";
import { randomStyleGan1, synthesisWithNoise } from "./styleGan1";

/** What iterations of RFM's method took, in a process of its own for its memory; bench/rfmIteration.py tells the same. */
export interface IterationTimes {
  readonly milliseconds: readonly number[];
  /** The most memory that the process held. */
  readonly megabytes: number;
  /** Numbers that are optimised: all of the encoder's weights. */
  readonly parameters: number;
  /** Of the code: [1,L,D]. */
  readonly code: readonly number[];
}

const THREADS = 2;

async function iterationTimes(side: number, runs: number): Promise<IterationTimes> {
  const runtime = await openRuntime("cpu", { threads: THREADS });
  const encoder = randomEncoder(side);
  const vgg = randomLpips();
  const each = Object.fromEntries(
    VIEWS.map((view) => [view, lpips(vgg, shrunkSize(viewOf(view, [side, side])))] as const),
  );
  const networks = { synthesis: synthesisWithNoise(randomStyleGan1(side)), encoder, perceptual: { each } };
  const graph = rfmGraph(networks, "encoder", RFM_COEFFICIENTS);
  const session = await HoistedSession.compile(runtime, graph, ["target"], "bench");
  await session.fix({ target: randomNumbers(3 * side ** 2, 0.5, 9) });
  const parameters = [...encoder.weights].map(([name, tensor]) => ({
    name: weightName(name),
    start: tensor.data as Float32Array,
    equalisation: equalisationOf(name, tensor),
  }));
  const state = new RfmState(parameters, 0.005, 0.99);
  const milliseconds: number[] = [];
  for (let run = -1; run < runs; run++) {
    const start = performance.now();
    const outputs = await session.run(state.parameters);
    for (const loss of ["image", "latent"]) state.step((name) => outputs[gradientName(loss, name)]);
    if (run >= 0) milliseconds.push(performance.now() - start);
    if (!Number.isFinite(outputs["total"]?.[0])) throw new Error("the loss is no number");
  }
  const megabytes = process.resourceUsage().maxRSS / 1024;
  await session.release();
  return {
    milliseconds,
    megabytes,
    parameters: parameters.reduce((sum, { start }) => sum + start.length, 0),
    code: graph.types.get("code")?.shape ?? [],
  };
}

async function main([side, runs]: readonly string[]): Promise<void> {
  process.stdout.write(JSON.stringify(await iterationTimes(Number(side), Number(runs))));
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
