import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { applyEdits, editAlong, readDirection, type Direction } from "../../src/engine/directions";
import { identityDistance } from "../../src/engine/faces";
import { seedsToZ, wPlusNorm } from "../../src/engine/latents";
import type { Model } from "../../src/engine/models";
import { evaluate, type Embedded } from "./embedded";
import { targetsOf } from "./faces";

const BETAS = [0, 1e-3];
/** In sigma. */
const AMOUNT = 3;
const SEEDS = 1000;

/**
 * What the penalty on the norm of w+ does: the largest faces of ten photos inverted with several weights beta, whatever is
 * before them; how long their codes are, how like the photo, and how like it and the unedited face they stay under edits of 3
 * sigma along all of the model's directions, both ways. Prints the table of docs/INVERSION.md.
 */
async function evaluatePenalty({ model, nets, inverter }: Embedded): Promise<void> {
  const targets = await targetsOf(model, nets);
  const directions = await directionsOf(model);
  const edits = directions.flatMap((direction) =>
    [-AMOUNT, AMOUNT].map((amount) => editAlong(direction, amount)),
  );
  const norm = await seededNorm(model);
  console.log(
    `Norm of ${SEEDS} seeded codes: ${norm.toFixed(1)} on average. ${targets.length} faces, ${edits.length} edits.\n`,
  );
  console.log("| beta | norm | PSNR | identity distance | after an edit | to the unedited face |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  const toPhoto: number[][] = [];
  for (const beta of BETAS) {
    const sums = { norm: 0, psnr: 0, identity: 0, unedited: 0 };
    const byEdit = edits.map(() => 0);
    for (const target of targets) {
      const { w, reconstruction, metrics } = await inverter.invert(target, { beta, occluders: "fit" });
      const embed = (x: Float32Array): Promise<Float32Array> =>
        nets.embedCrops(x.map(clip), 1, model.alignment);
      const unedited = await embed(reconstruction);
      sums.norm += metrics.norm;
      sums.psnr += metrics.psnr;
      sums.identity += identityDistance(target.embedding, unedited);
      for (const [at, edit] of edits.entries()) {
        const code = applyEdits(w, model.layers, model.wDimension, [edit]);
        const found = await embed(await model.synthesize(code, 1));
        byEdit[at] = (byEdit[at] ?? 0) + identityDistance(target.embedding, found) / targets.length;
        sums.unedited += identityDistance(unedited, found) / edits.length;
      }
    }
    toPhoto.push(byEdit);
    const shown = [sums.identity, mean(byEdit) * targets.length, sums.unedited].map((sum) =>
      (sum / targets.length).toFixed(3),
    );
    const [length, psnr] = [sums.norm, sums.psnr].map((sum) => (sum / targets.length).toFixed(1));
    console.log(`| ${[beta, length, `${psnr ?? ""} dB`, ...shown].join(" | ")} |`);
  }
  const [without = [], penalised = []] = toPhoto;
  const nearer = without.filter((distance, at) => (penalised[at] ?? NaN) < distance).length;
  console.log(
    `\nNearer to the photo with the penalty, on average over the faces: ${nearer} of ${edits.length} edits.`,
  );
}

const clip = (value: number): number => Math.min(1, Math.max(-1, value));

async function directionsOf(model: Model): Promise<Direction[]> {
  const folder = join(model.pack.folder, "directions");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".direction.json")).sort();
  return Promise.all(names.map((name) => readDirection(join(folder, name))));
}

async function seededNorm(model: Model): Promise<number> {
  const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);
  const w = await model.map(seedsToZ(seeds, model.zDimension), { psi: 1, cutoff: null });
  const { codeSize } = model;
  return mean(seeds.map((row) => wPlusNorm(w.subarray(row * codeSize, (row + 1) * codeSize))));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

evaluate(evaluatePenalty);
