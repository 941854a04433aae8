import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFaceNets } from "../src/engine/faces";
import {
  builtInScorer,
  createLabelSet,
  openScorer,
  type FaceSource,
  type Scorer,
} from "../src/engine/labels";
import { seedsToZ } from "../src/engine/latents";
import { buildPack, buildScorerPack, openModel, openPack } from "../src/engine/models";
import { flatten, gemm, globalAveragePool, GraphBuilder } from "../src/engine/onnx";
import { openRuntime, type Runtime } from "../src/engine/runtime";
import { Random } from "../test/support/random";
import type { Benchmark, Measure } from "./measure";
import { median } from "./statistics";

const RUN = { createdAt: "2026-01-01T00:00:00.000Z", version: "bench" };
const BATCH = 16;
/** Faces of one round, and how often both ways take turns. */
const ROUND = 128;
const ROUNDS = 5;

/** Labelling against its parts, and against itself at other sizes. */
export const labelsBenchmark: Benchmark = {
  title: "Label sets",
  about:
    "`rfm label` writes every batch to the disk and flushes it. Throughput: the embedded model and the built-in scorer; in turns, the same seeds are labelled into a label set, and run through synthesis and scorer alone; the middle of five rounds. Linearity: a generator of 16 pixels and a scorer pack of one layer, so that what is not networks weighs most; seconds for each 1,000 faces at three sizes, the least of three rounds.",
  run: async (root) => {
    const folder = await mkdtemp(join(tmpdir(), "rfm-bench-"));
    const runtime = await openRuntime("cpu");
    try {
      return [...(await throughput(root, folder, runtime)), ...(await linearity(root, folder, runtime))];
    } finally {
      await runtime.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function throughput(root: string, folder: string, runtime: Runtime): Promise<Measure[]> {
  const model = await openModel(await openPack(join(root, "dist/models/demo")), runtime);
  const nets = await openFaceNets(join(root, "dist/models/faces"), runtime);
  const scorer = builtInScorer(nets, model.alignment);
  const seeds = Array.from({ length: ROUND }, (_, index) => index);
  const w = await model.map(seedsToZ(seeds, model.zDimension));
  const alone = async (): Promise<void> => {
    for (let start = 0; start < ROUND; start += BATCH) {
      const codes = w.subarray(start * model.codeSize, (start + BATCH) * model.codeSize);
      await scorer.score(await model.synthesize(codes, BATCH), BATCH, model.resolution);
    }
  };
  // The first run makes the sessions.
  await alone();
  const ratios: number[] = [];
  const speeds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const parts = await secondsOf(alone);
    const whole = await secondsOf(() => label(join(folder, `t${round}`), model, scorer, ROUND));
    ratios.push(parts / whole);
    speeds.push(ROUND / whole);
  }
  const share = median(ratios);
  return [
    {
      what: "faces labelled in a second, embedded model",
      value: median(speeds).toFixed(1),
      against: "no goal",
      holds: undefined,
    },
    {
      what: "throughput of labelling by that of synthesis and scorer alone",
      value: `${(share * 100).toFixed(1)}%`,
      against: "goal >= 90%",
      holds: share >= 0.9,
    },
  ];
}

async function linearity(root: string, folder: string, runtime: Runtime): Promise<Measure[]> {
  const [source, pack, pixels] = [join(folder, "source"), join(folder, "small"), join(folder, "pixels")];
  await writeSmallSource(root, source);
  const model = await openModel(await buildPack(source, pack, "bench").then(() => openPack(pack)), runtime);
  await buildScorerPack(pixels, pixelScorer());
  const scorer = await openScorer(pixels, runtime);
  await label(join(folder, "warm"), model, scorer, 64);
  const perThousand: number[] = [];
  const sizes = [1_000, 4_000, 16_000];
  for (const count of sizes) {
    const times: number[] = [];
    for (let round = 0; round < 3; round++)
      times.push(await secondsOf(() => label(join(folder, `n${count}-${round}`), model, scorer, count)));
    perThousand.push((Math.min(...times) * 1_000) / count);
  }
  const ratio = Math.max(...perThousand) / Math.min(...perThousand);
  return [
    {
      what: `seconds per 1,000 faces at ${sizes.map((size) => `${size / 1_000}k`).join(", ")}, small model: largest by smallest`,
      value: `${ratio.toFixed(2)} (${perThousand.map((seconds) => seconds.toFixed(2)).join(", ")} s)`,
      against: "goal <= 1.3",
      holds: ratio <= 1.3,
    },
  ];
}

/** The random generator of the tests. */
async function writeSmallSource(root: string, folder: string): Promise<void> {
  await mkdir(folder);
  const weights = "generator.safetensors";
  await copyFile(join(root, "test/fixtures/networks/small.safetensors"), join(folder, weights));
  const source = {
    name: "small",
    title: "A random generator",
    architecture: "stylegan2",
    generator: weights,
    psi: { default: 1, cutoff: null },
    alignment: { scale: 1, centre: 0.1 },
    licence: "none",
    data: "none",
  };
  await writeFile(join(folder, "source.json"), JSON.stringify(source));
}

async function label(name: string, model: FaceSource, scorer: Scorer, count: number): Promise<void> {
  await createLabelSet(name, model, scorer, { start: 0, end: count }, { batch: BATCH, run: RUN });
}

/** Mean colours of a picture, mixed: hardly any work. */
function pixelScorer(): Parameters<typeof buildScorerPack>[1] {
  const attributes = ["a", "b", "c", "d"].map((name) => ({ name }));
  const builder = new GraphBuilder("pixels");
  const x = builder.input("x", [1, 3, 16, 16]);
  const mixing = builder.constant(new Random(1).normals(12), [3, 4]);
  builder.output("scores", gemm(flatten(globalAveragePool(x)), mixing));
  return { name: "pixels", title: "Mean colours", graph: builder.build(), attributes };
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1_000;
}
