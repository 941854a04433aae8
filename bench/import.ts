import { spawnSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { timed } from "./commandLine";
import type { Benchmark, Measure } from "./measure";
import { median } from "./statistics";

const FILES = [
  { file: "stylegan1.pkl", what: "StyleGAN1, NVIDIA's pickle" },
  { file: "stylegan2.pt", what: "StyleGAN2, rosinality's checkpoint" },
] as const;
const INSPECTIONS = 3;
const GOAL = { inspectSeconds: 1, importSeconds: 20, timesItsSize: 3 };
const MEBIBYTE = 1 << 20;

/** Looking into and importing generators of the published size, each in a process of its own. */
export const importBenchmark: Benchmark = {
  title: "Importing generators of 1024 pixels at full width",
  about:
    "Random weights in the published containers, written by bench/importFiles.py; `rfm inspect` (the median of three) and `rfm import` as processes, from their start to their end. Memory is the most that the process held, less what `rfm --version` holds.",
  run: async (root) => {
    const folder = await mkdtemp(join(tmpdir(), "rfm-bench-"));
    try {
      const script = join(root, "bench/importFiles.py");
      const made = spawnSync("/usr/bin/python3", [script, folder], { encoding: "utf8" });
      if (made.status !== 0) return [unmeasured("PyTorch is not installed")];
      const idle = timed(root, ["--version"]).bytes;
      const measures: Measure[] = [];
      for (const { file, what } of FILES) {
        const path = join(folder, file);
        const { size } = await stat(path);
        const looks = Array.from({ length: INSPECTIONS }, () => timed(root, ["inspect", path]).seconds);
        const look = median(looks);
        measures.push({
          what: `inspect ${what}, ${text(size)}`,
          value: `${look.toFixed(2)} s`,
          against: `goal <= ${GOAL.inspectSeconds} s`,
          holds: look <= GOAL.inspectSeconds,
        });
        const { seconds, bytes } = timed(root, [
          "import",
          path,
          "--out",
          `${path}.pack`,
          "--provider",
          "cpu",
        ]);
        const times = (bytes - idle) / size;
        measures.push({
          what: `import ${what}, ${text(size)}`,
          value: `${seconds.toFixed(1)} s, ${times.toFixed(1)} times its size`,
          against: `goal <= ${GOAL.importSeconds} s, ${GOAL.timesItsSize} times`,
          holds: seconds <= GOAL.importSeconds && times <= GOAL.timesItsSize,
        });
      }
      return measures;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function unmeasured(reason: string): Measure {
  return { what: "inspect and import", value: "not measured", against: reason, holds: undefined };
}

function text(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MiB`;
}
