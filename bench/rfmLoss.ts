import { join } from "node:path";
import { openFaceNets } from "../src/engine/faces";
import { Inverter, RfmInverter } from "../src/engine/inversion";
import { openModel, openPack } from "../src/engine/models";
import { openRuntime } from "../src/engine/runtime";
import { targetsOf, type Target } from "../test/evaluation/faces";
import type { Benchmark, Measure } from "./measure";

const FACES = 3;
const GOAL = 0.1;

/** How long the fast method takes to where RFM's own optimiser ends. */
export const rfmLossBenchmark: Benchmark = {
  title: "Time to RFM's final loss",
  about: `The largest faces of the shipped photo and of the demonstration pictures of the face nets' package (no part of this project), ${FACES} of them, inverted into the embedded model twice: by \`--method rfm --optimize latent\`, 1501 iterations of RFM's optimiser, and by the fast method, which fits all that is there, as RFM's does (--fit-occluders). RFM's loss is the sum of its image step's and its latent step's, with the recognition net's features for LPIPS in both. Compiling is not counted.`,
  run: async (root) => {
    const runtime = await openRuntime("cpu");
    const models = join(root, "dist/models");
    const model = await openModel(await openPack(join(models, "demo")), runtime);
    const nets = await openFaceNets(join(models, "faces"), runtime);
    const targets = (await targetsOf(model, nets)).slice(0, FACES);
    const [fast, rfm] = [new Inverter(model, nets), new RfmInverter(model, nets, undefined)];
    const [first] = targets;
    if (first === undefined) throw new Error("no face was found");
    // The first of each method compiles its networks.
    await fast.invert(first);
    await rfm.invert(first, { optimize: "latent", iterations: 1 });
    const measures: Measure[] = [];
    for (const [face, target] of targets.entries())
      measures.push(...(await faceMeasures(face + 1, target, fast, rfm)));
    for (const each of [fast, rfm, nets, model, runtime]) await each.dispose();
    return measures;
  },
};

async function faceMeasures(
  face: number,
  target: Target,
  fast: Inverter,
  rfm: RfmInverter,
): Promise<Measure[]> {
  const [quick, quickSeconds] = await timed(() => fast.invert(target, { occluders: "fit" }));
  const [slow, slowSeconds] = await timed(() => rfm.invert(target, { optimize: "latent", previewEvery: 0 }));
  const reached = (await rfm.lossesOf(target.x, quick.w))["total"] ?? NaN;
  const goal = slow.losses["total"] ?? NaN;
  const ratio = quickSeconds / slowSeconds;
  const what = `face ${face}`;
  return [
    {
      what: `${what}, RFM's loss`,
      value: reached.toFixed(3),
      against: `${slow.iterations} iterations of RFM's optimiser: ${goal.toFixed(3)}`,
      holds: reached <= goal,
    },
    {
      what: `${what}, time`,
      value: `${quickSeconds.toFixed(1)} s, ${ratio.toFixed(3)} of it`,
      against: `${slowSeconds.toFixed(0)} s; goal <= ${GOAL}`,
      holds: reached <= goal && ratio <= GOAL,
    },
    {
      what: `${what}, PSNR`,
      value: `${quick.metrics.psnr.toFixed(1)} dB`,
      against: `${slow.metrics.psnr.toFixed(1)} dB`,
      holds: undefined,
    },
  ];
}

async function timed<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1000];
}
