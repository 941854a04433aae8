import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { timed } from "./commandLine";
import type { Benchmark, Measure } from "./measure";

const LOOKS = 30;
const STEPS = 2;

/** What inverting into and tuning a generator of the published size takes of a machine. */
export const largeInversionBenchmark: Benchmark = {
  title: "Inverting into a generator of 1024 pixels at full width",
  about: `The StyleGAN1 of random weights of bench/importFiles.py, imported, and the shipped photo: \`rfm invert --iterations ${LOOKS}\` (of 200 that are usual; the start is the likest of 64 seeded faces), then \`--tune ${STEPS}\` (of some 100) on the latent that it wrote. Processes from their start to their end, and the most memory that each held.`,
  run: async (root) => {
    const folder = await mkdtemp(join(tmpdir(), "rfm-bench-"));
    try {
      const script = join(root, "bench/importFiles.py");
      const made = spawnSync("/usr/bin/python3", [script, folder], { encoding: "utf8" });
      if (made.status !== 0) return [measure("not measured", "PyTorch is not installed")];
      const pack = join(folder, "pack");
      timed(root, ["import", join(folder, "stylegan1.pkl"), "--out", pack, "--provider", "cpu"]);
      const photo = join(root, "test/fixtures/photos/astronaut.png");
      const work = ["invert", photo, "--model", pack, "--out", join(folder, "latents"), "--provider", "cpu"];
      const invert = [...work, "--iterations", String(LOOKS)];
      const inverted = timed(root, invert);
      const tuned = timed(root, [...invert, "--tune", String(STEPS)]);
      return [
        measure(`${LOOKS} looks`, told(inverted)),
        measure(`${STEPS} steps of tuning, faces that are to stay drawn before and after`, told(tuned)),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function measure(what: string, value: string): Measure {
  return { what, value, against: "", holds: undefined };
}

function told({ seconds, bytes }: { readonly seconds: number; readonly bytes: number }): string {
  return `${seconds.toFixed(0)} s, ${(bytes / 1e9).toFixed(1)} GB`;
}
