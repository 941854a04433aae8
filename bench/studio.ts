import { cp, mkdtemp, rm, stat } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { EngineClient } from "../src/extension/process/client";
import { EngineRequests } from "../src/protocol/engine";
import type { Benchmark, Measure } from "./measure";
import { quantile } from "./statistics";

const MOVES = 200;

/** What a person waits for: from a photo to a latent, from a slider to pixels, with the real engine process. */
export const studioBenchmark: Benchmark = {
  title: "The engine as the extension uses it",
  about:
    "A forked engine process asked over IPC by this process, as by the extension host: test/fixtures/photos/astronaut.png inverted with the default settings, then 200 slider positions rendered one after the other.",
  run: async (root) => {
    const folder = await mkdtemp(join(tmpdir(), "rfm-bench-"));
    const model = join(root, "dist/models/demo");
    const client = new EngineClient({
      entry: join(root, "dist/engine.js"),
      settings: { provider: "cpu", modelsRoot: join(root, "dist/models"), allowedModelRoots: [] },
    });
    try {
      const photo = join(folder, "astronaut.png");
      await cp(join(root, "test/fixtures/photos/astronaut.png"), photo);
      await client.request(EngineRequests.openModel, { folder: model });

      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const start = performance.now();
      let firstPreview = NaN;
      const { latents } = await client.request(
        EngineRequests.invert,
        { path: photo, model },
        {
          onProgress: ({ preview }) => {
            if (preview && Number.isNaN(firstPreview)) firstPreview = performance.now() - start;
          },
        },
      );
      const seconds = (performance.now() - start) / 1000;
      delay.disable();

      const path = latents[0]?.path ?? "";
      const opened = await client.request(EngineRequests.openLatent, { path, models: [model] });
      const [direction] = await client.request(EngineRequests.listDirections, {
        session: opened.session,
        folders: [],
      });
      if (direction === undefined) throw new Error("the embedded model has no directions");
      const times: number[] = [];
      for (let move = -5; move < MOVES; move++) {
        const edit = {
          direction: direction.direction,
          amount: 3 * Math.sin(move / 20),
          layers: direction.layers,
          clip: 0,
          muted: false,
        };
        const begin = performance.now();
        await client.request(EngineRequests.render, { session: opened.session, edits: [edit] });
        if (move >= 0) times.push(performance.now() - begin);
      }
      const resident = residentMegabytes(client.pid);
      const bundle = (await stat(join(root, "dist/extension.js"))).size / 1000;
      return [
        goal("a photo inverted, default settings", seconds, 15, "s"),
        goal("first preview", firstPreview / 1000, 2, "s"),
        goal("event-loop delay of the asking process meanwhile, p99", delay.percentile(99) / 1e6, 50, "ms"),
        goal("slider to new pixels, p50", quantile(times, 0.5), 50, "ms"),
        goal("slider to new pixels, p95", quantile(times, 0.95), 100, "ms"),
        goal("engine process, largest resident set", resident, 700, "MB"),
        goal("extension bundle", bundle, 250, "kB"),
      ];
    } finally {
      await client.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function goal(what: string, value: number, limit: number, unit: string): Measure {
  return {
    what,
    value: `${value.toFixed(1)} ${unit}`,
    against: `goal <= ${limit} ${unit}`,
    holds: value <= limit,
  };
}

/** The process's high-water mark, where the system tells it (Linux). */
function residentMegabytes(pid: number | undefined): number {
  if (pid === undefined || process.platform !== "linux") return NaN;
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? NaN) / 1000;
}
