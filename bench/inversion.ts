import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { GradientTimes, SteadyMemory } from "./inversionProcess";
import type { Benchmark, Measure } from "./measure";
import type { OperatorTime } from "./operatorTimes";
import { median } from "./statistics";

/** Rounds of both in turn, so that a busy moment of the machine meets both. */
const SIZES = [
  { side: 64, rounds: 3, runs: 5, goal: 0.25 },
  { side: 256, rounds: 3, runs: 3, goal: 0.35 },
  { side: 1024, rounds: 1, runs: 3, goal: 0.35 },
] as const;
const LARGEST = 1024;
/** Sides whose time is told by operator: those that take at least so much of it. */
const PROFILED = [256, 1024];
const TOLD = 0.03;
const GOAL = { bytes: 1.3e9, growth: 0.02, share: 0.6 };

/** What a step of an inversion takes: through full-width generators, against PyTorch's autograd. */
export const inversionBenchmark: Benchmark = {
  title: "A step of an inversion at full width",
  about:
    "The mean square of one picture of a StyleGAN1 as wide as the published ones, of random weights, and its derivative with respect to w+; batch 1, CPU, two threads, each in a process of its own. The peer is bench/inversion.py, the same graph in eager PyTorch, in turn with ours. Then a thousand runs of the embedded model's inversion graph. The share is that of the rate of a product of two matrices of 1024 x 1024, measured in the same process.",
  run: (root) =>
    Promise.resolve([
      ...SIZES.flatMap((size) => sized(root, size)),
      ...PROFILED.flatMap((side) => profiled(root, side)),
      steady(root),
    ]),
};

type Size = (typeof SIZES)[number];

function sized(root: string, { side, rounds, runs, goal }: Size): Measure[] {
  const rows: Measure[] = [];
  const ours: GradientTimes[] = [];
  const theirs: PeerTimes[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(own(root, ["gradient", String(side), String(runs)]) as GradientTimes);
    const peer = torchTimes(root, side, runs);
    if (peer !== undefined) theirs.push(peer);
  }
  const milliseconds = median(ours.flatMap((each) => each.milliseconds));
  const what = `${side} pixels`;
  const [peer] = theirs;
  if (peer === undefined) {
    rows.push(row(what, `${milliseconds.toFixed(0)} ms`, "PyTorch is not installed", undefined));
  } else {
    const torch = median(theirs.flatMap((each) => each.milliseconds));
    const ratio = milliseconds / torch;
    rows.push(
      row(what, `${milliseconds.toFixed(0)} ms`, `PyTorch ${peer.torch}: ${torch.toFixed(0)} ms`, undefined),
      row(`${what}, ratio`, ratio.toFixed(2), `goal <= ${goal}`, ratio <= goal),
    );
  }
  const shares = ours.map(
    ({ operations, matrixOperationsPerSecond, milliseconds: times }) =>
      operations / (median(times) / 1000) / matrixOperationsPerSecond,
  );
  const share = median(shares);
  rows.push(
    row(
      `${what}, share of the matrix rate`,
      percent(share),
      `goal >= ${percent(GOAL.share)}`,
      share >= GOAL.share,
    ),
  );
  if (side === LARGEST) rows.push(memory(what, ours, peer));
  return rows;
}

function memory(what: string, ours: readonly GradientTimes[], peer: PeerTimes | undefined): Measure {
  const bytes = Math.max(...ours.map(({ peakBytes }) => peakBytes));
  const against = peer === undefined ? "" : `PyTorch: ${gigabytes(peer.megabytes * 2 ** 20)}; `;
  return row(
    `${what}, largest resident set`,
    gigabytes(bytes),
    `${against}goal <= ${gigabytes(GOAL.bytes)}`,
    bytes <= GOAL.bytes,
  );
}

function profiled(root: string, side: number): Measure[] {
  const times = own(root, ["profile", String(side), "2"]) as OperatorTime[];
  const whole = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return times
    .filter(({ milliseconds }) => milliseconds >= TOLD * whole)
    .map(({ operator, milliseconds }) =>
      row(
        `${side} pixels, time in ${operator}`,
        percent(milliseconds / whole),
        `${milliseconds.toFixed(0)} of ${whole.toFixed(0)} ms, profiled`,
        undefined,
      ),
    );
}

function steady(root: string): Measure {
  const { early, late } = own(root, ["steady", root]) as SteadyMemory;
  const growth = late / early - 1;
  return row(
    "embedded model, memory after 1,000 runs",
    `${percent(growth)} more`,
    `after 50 runs: ${(early / 1e6).toFixed(0)} MB; goal <= ${percent(GOAL.growth)} more`,
    growth <= GOAL.growth,
  );
}

function row(what: string, value: string, against: string, holds: boolean | undefined): Measure {
  return { what, value, against, holds };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

function own(root: string, args: readonly string[]): unknown {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "dist/bench-inversion.js"), ...args],
    {
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`the process for ${args.join(" ")} failed: ${stderr}`);
  return JSON.parse(stdout);
}

interface PeerTimes {
  readonly torch: string;
  readonly milliseconds: readonly number[];
  readonly megabytes: number;
}

function torchTimes(root: string, side: number, runs: number): PeerTimes | undefined {
  const args = [join(root, "bench/inversion.py"), String(side), String(runs)];
  const { status, stdout } = spawnSync("/usr/bin/python3", args, { encoding: "utf8" });
  return status === 0 ? (JSON.parse(stdout) as PeerTimes) : undefined;
}
