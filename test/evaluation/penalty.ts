import { join } from "node:path";
import { applyEdits, editAlong, readDirection } from "../../src/engine/directions";
import { identityDistance, openFaceNets } from "../../src/engine/faces";
import { Inverter } from "../../src/engine/inversion";
import { seedsToZ, wPlusNorm } from "../../src/engine/latents";
import { openModel, openPack, type Model } from "../../src/engine/models";
import { openRuntime } from "../../src/engine/runtime";
import { targetsOf } from "./faces";

const BETAS = [0, 1e-3];
/** In sigma. */
const AMOUNT = 3;
/** Attributes that do not make another person of a face. */
const EDITS = ["smile", "mouth-open", "age", "pitch"];
const SEEDS = 1000;

/**
 * What the penalty on the norm of w+ does: the largest faces of ten photos inverted with several weights beta, how long
 * their codes are, how like the photo, and how like it they stay under edits of 3 sigma. Prints the table of
 * docs/INVERSION.md.
 */
async function main(): Promise<void> {
  const runtime = await openRuntime("cpu");
  const models = join(__dirname, "models");
  const model = await openModel(await openPack(join(models, "demo")), runtime);
  const nets = await openFaceNets(join(models, "faces"), runtime);
  const inverter = new Inverter(model, nets);
  const targets = await targetsOf(model, nets);
  const edits = await Promise.all(
    EDITS.map((name) => readDirection(join(model.pack.folder, "directions", `${name}.direction.json`))),
  );
  console.log(
    `Norm of ${SEEDS} seeded codes: ${(await usualNorm(model)).toFixed(1)} on average. ${targets.length} faces.\n`,
  );
  console.log(
    `| beta | norm | PSNR | identity distance | after edits of ${AMOUNT} sigma | to the unedited face |`,
  );
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const beta of BETAS) {
    const sums = { norm: 0, psnr: 0, identity: 0, edited: 0, moved: 0 };
    for (const target of targets) {
      const { w, reconstruction, metrics } = await inverter.invert(target, { beta });
      const embed = (x: Float32Array): Promise<Float32Array> =>
        nets.embedCrops(x.map(clip), 1, model.alignment);
      const unedited = await embed(reconstruction);
      sums.norm += metrics.norm / targets.length;
      sums.psnr += metrics.psnr / targets.length;
      sums.identity += identityDistance(target.embedding, unedited) / targets.length;
      for (const edit of edits) {
        for (const amount of [-AMOUNT, AMOUNT]) {
          const code = applyEdits(w, model.layers, model.wDimension, [editAlong(edit, amount)]);
          const edited = await embed(await model.synthesize(code, 1));
          const share = 1 / targets.length / edits.length / 2;
          sums.edited += identityDistance(target.embedding, edited) * share;
          sums.moved += identityDistance(unedited, edited) * share;
        }
      }
    }
    console.log(
      `| ${beta} | ${sums.norm.toFixed(1)} | ${sums.psnr.toFixed(1)} dB | ${sums.identity.toFixed(3)} | ${sums.edited.toFixed(3)} | ${sums.moved.toFixed(3)} |`,
    );
  }
  await inverter.dispose();
  await nets.dispose();
  await model.dispose();
  await runtime.dispose();
}

const clip = (value: number): number => Math.min(1, Math.max(-1, value));

async function usualNorm(model: Model): Promise<number> {
  const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);
  const w = await model.map(seedsToZ(seeds, model.zDimension), { psi: 1, cutoff: null });
  const { codeSize } = model;
  return seeds.reduce(
    (sum, row) => sum + wPlusNorm(w.subarray(row * codeSize, (row + 1) * codeSize)) / SEEDS,
    0,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
