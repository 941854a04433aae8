import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { openModel, openPack } from "../src/engine/models";
import { gradient, gradientName, GraphBuilder, reduceMean, square } from "../src/engine/onnx";
import { openRuntime } from "../src/engine/runtime";
import type { Benchmark, Measure } from "./measure";
import { median } from "./statistics";

/** Rounds of both in turn, so that a busy moment of the machine meets both. */
const ROUNDS = 5;
const RUNS = 40;
const GOAL = 0.35;

/** Forward and gradient of the embedded model against PyTorch's autograd. */
export const generatorBenchmark: Benchmark = {
  title: "Forward and gradient of the embedded model",
  about:
    "One picture from w+ and the derivative of its mean square with respect to w+, batch 1, CPU, two threads; the peer is bench/generator.py, the same graph in eager PyTorch.",
  run: async (root) => {
    const runtime = await openRuntime("cpu");
    const model = await openModel(await openPack(join(root, "dist/models/demo")), runtime);
    const builder = new GraphBuilder("bench");
    const w = builder.input("w", [1, model.layers, model.wDimension]);
    const { x } = builder.inline(await model.synthesisGraph(1), { w });
    if (x === undefined) throw new Error("the synthesis graph has no output x");
    builder.output("loss", reduceMean(square(x), undefined, false));
    const session = await runtime.compile(gradient(builder.build(), "loss", ["w"]), { name: "bench" });
    const feeds = { w: new Float32Array(model.codeSize).map((_, i) => Math.sin(i)) };
    const ours: number[] = [];
    const theirs: number[] = [];
    let torch: string | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      for (let run = -3; run < RUNS; run++) {
        const start = performance.now();
        const results = await session.run(feeds);
        if (results[gradientName("loss", "w")] === undefined) throw new Error("the gradient is missing");
        if (run >= 0) ours.push(performance.now() - start);
      }
      const peer = torchTimes(root);
      torch = peer?.torch;
      theirs.push(...(peer?.milliseconds ?? []));
    }
    await runtime.dispose();
    const own = `${median(ours).toFixed(1)} ms`;
    if (torch === undefined) return [row("median", own, "PyTorch is not installed", undefined)];
    const ratio = median(ours) / median(theirs);
    return [
      row("median", own, `PyTorch ${torch}: ${median(theirs).toFixed(1)} ms`, undefined),
      row("ratio", ratio.toFixed(2), `goal <= ${GOAL}`, ratio <= GOAL),
    ];
  },
};

function row(what: string, value: string, against: string, holds: boolean | undefined): Measure {
  return { what, value, against, holds };
}

function torchTimes(root: string): { torch: string; milliseconds: number[] } | undefined {
  const program = join(root, "bench/generator.py");
  const weights = join(root, "models/demo/generator.safetensors");
  const { status, stdout } = spawnSync("/usr/bin/python3", [program, weights, String(RUNS)], {
    encoding: "utf8",
  });
  return status === 0 ? (JSON.parse(stdout) as { torch: string; milliseconds: number[] }) : undefined;
}
