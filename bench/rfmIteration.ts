import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Benchmark, Measure } from "./measure";
import type { IterationTimes } from "./rfmProcess";
import { median } from "./statistics";

const SIDE = 256;
/** Measured in each process, after one to warm up. */
const RUNS = 2;
/** Of both in turn, so that a busy moment of the machine meets both. */
const ROUNDS = 2;
const GOAL = 0.35;

/** What an iteration of RFM's method takes as RFM runs it: all networks at full width, the encoder being optimised. */
export const rfmIterationBenchmark: Benchmark = {
  title: "RFM's full iteration at 256",
  about:
    "StyleGAN1, encoder E and LPIPS on VGG16 as wide as the published ones, of random weights, at 256 pixels: both losses, their gradients with respect to every weight of E, and both steps of LREQAdam; CPU, two threads, each in a process of its own. The peer is bench/rfmIteration.py, the same in eager PyTorch, in turn with ours. Both compute LPIPS's features of the photo once, which RFM's program does in every iteration.",
  run: (root) => Promise.resolve(measured(root)),
};

function measured(root: string): Measure[] {
  const ours: IterationTimes[] = [];
  const theirs: PeerTimes[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(own(root));
    const peer = torchTimes(root);
    if (peer !== undefined) theirs.push(peer);
  }
  const seconds = middle(ours);
  const megabytes = Math.max(...ours.map((each) => each.megabytes));
  const [mine] = ours;
  const [peer] = theirs;
  if (mine === undefined || peer === undefined) {
    const against = "PyTorch is not installed";
    return [
      row("an iteration", `${seconds.toFixed(1)} s`, against),
      row("largest resident set", gibibytes(megabytes), against),
    ];
  }
  if (!sameWork(mine, peer)) throw new Error("ours and the peer's networks differ in size");
  const torch = middle(theirs);
  const ratio = seconds / torch;
  const held = Math.max(...theirs.map((each) => each.megabytes));
  return [
    row("an iteration", `${seconds.toFixed(1)} s`, `PyTorch ${peer.torch}: ${torch.toFixed(1)} s`),
    row("ratio", ratio.toFixed(2), `goal <= ${GOAL}`, ratio <= GOAL),
    row("largest resident set", gibibytes(megabytes), `PyTorch: ${gibibytes(held)}`),
    row("weights that are optimised", `${(mine.parameters / 1e6).toFixed(1)} million`, "PyTorch: as many"),
  ];
}

interface PeerTimes extends IterationTimes {
  readonly torch: string;
}

/** The weights are random, so that the losses differ; but as many of them make a code of the same shape. */
function sameWork(a: IterationTimes, b: IterationTimes): boolean {
  return a.parameters === b.parameters && a.code.join() === b.code.join();
}

function middle(times: readonly IterationTimes[]): number {
  return median(times.flatMap(({ milliseconds }) => milliseconds)) / 1000;
}

function row(what: string, value: string, against: string, holds?: boolean): Measure {
  return { what, value, against, holds };
}

function gibibytes(megabytes: number): string {
  return `${(megabytes / 1024).toFixed(1)} GiB`;
}

function own(root: string): IterationTimes {
  const args = [join(root, "dist/bench-rfm.js"), String(SIDE), String(RUNS)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the process for RFM's iteration failed: ${stderr}`);
  return JSON.parse(stdout) as IterationTimes;
}

function torchTimes(root: string): PeerTimes | undefined {
  const args = ["-W", "ignore", join(root, "bench/rfmIteration.py"), String(SIDE), String(RUNS)];
  const { status, stdout } = spawnSync("/usr/bin/python3", args, { encoding: "utf8" });
  return status === 0 ? (JSON.parse(stdout) as PeerTimes) : undefined;
}
