import { join } from "node:path";
import { applyEdits, editAlong, readDirection } from "../../src/engine/directions";
import { identityDistance } from "../../src/engine/faces";
import { builtInScorer, type Scorer } from "../../src/engine/labels";
import { seedsToZ, wPlusNorm } from "../../src/engine/latents";
import type { Model } from "../../src/engine/models";
import { evaluate, type Embedded } from "./embedded";
import { targetsOf } from "./faces";

const BETAS = [0, 1e-3];
/** In sigma; the last is what the table tells of, the others are for a comparison at equal effect. */
const AMOUNTS = [2, 2.25, 2.5, 2.75, 3];
const AMOUNT = AMOUNTS.at(-1) ?? 0;
/** Attributes that do not make another person of a face. */
const EDITS = ["smile", "mouth-open", "age", "pitch"];
const SEEDS = 1000;

const BATCH = 8;

/**
 * What the penalty on the norm of w+ does: the largest faces of ten photos inverted with several weights beta, how long
 * their codes are, how like the photo, how like it they stay under edits of 3 sigma, and how far those move what they are
 * named after. Prints the table of docs/INVERSION.md.
 */
async function evaluatePenalty({ model, nets, inverter }: Embedded): Promise<void> {
  const targets = await targetsOf(model, nets);
  const edits = await Promise.all(
    EDITS.map((name) => readDirection(join(model.pack.folder, "directions", `${name}.direction.json`))),
  );
  const scorer = builtInScorer(nets, model.alignment);
  const columns = EDITS.map((name) => scorer.attributes.findIndex((attribute) => attribute.name === name));
  const seeded = await seededFaces(model, scorer);
  console.log(
    `Norm of ${SEEDS} seeded codes: ${seeded.norm.toFixed(1)} on average. ${targets.length} faces.\n`,
  );
  console.log(
    `| beta | norm | PSNR | identity distance | after edits of ${AMOUNT} sigma | to the unedited face | their effect | the same at the first row's effect |`,
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  let usual: number | undefined;
  for (const beta of BETAS) {
    const sums = { norm: 0, psnr: 0, identity: 0 };
    const edited = AMOUNTS.map(() => ({ photo: 0, unedited: 0, effect: 0 }));
    for (const target of targets) {
      const { w, reconstruction, metrics } = await inverter.invert(target, { beta });
      const embed = (x: Float32Array): Promise<Float32Array> =>
        nets.embedCrops(x.map(clip), 1, model.alignment);
      const unedited = await embed(reconstruction);
      const score = (x: Float32Array): Promise<Float32Array> => scorer.score(x, 1, model.resolution);
      const before = await score(reconstruction);
      sums.norm += metrics.norm / targets.length;
      sums.psnr += metrics.psnr / targets.length;
      sums.identity += identityDistance(target.embedding, unedited) / targets.length;
      for (const [index, edit] of edits.entries()) {
        const column = columns[index] ?? 0;
        for (const [at, size] of AMOUNTS.entries()) {
          const sum = edited[at];
          if (sum === undefined) continue;
          for (const amount of [-size, size]) {
            const code = applyEdits(w, model.layers, model.wDimension, [editAlong(edit, amount)]);
            const picture = await model.synthesize(code, 1);
            const found = await embed(picture);
            const change = ((await score(picture))[column] ?? 0) - (before[column] ?? 0);
            const share = 1 / targets.length / edits.length / 2;
            sum.photo += identityDistance(target.embedding, found) * share;
            sum.unedited += identityDistance(unedited, found) * share;
            sum.effect += ((Math.sign(amount) * change) / (seeded.spread[column] ?? 1)) * share;
          }
        }
      }
    }
    const { photo = NaN, unedited = NaN, effect = NaN } = edited.at(-1) ?? {};
    usual ??= effect;
    console.log(
      `| ${beta} | ${sums.norm.toFixed(1)} | ${sums.psnr.toFixed(1)} dB | ${sums.identity.toFixed(3)} | ${photo.toFixed(3)} | ${unedited.toFixed(3)} | ${effect.toFixed(2)} | ${atEffect(usual, edited).toFixed(3)} |`,
    );
  }
}

const clip = (value: number): number => Math.min(1, Math.max(-1, value));

/** The distance to the unedited face where edits have an effect, between the amounts that were tried. */
function atEffect(
  wanted: number,
  edited: readonly { readonly effect: number; readonly unedited: number }[],
): number {
  for (const [at, upper] of edited.entries()) {
    const lower = edited[at - 1];
    if (lower === undefined || upper.effect < wanted || lower.effect > wanted) continue;
    const share = (wanted - lower.effect) / (upper.effect - lower.effect);
    return lower.unedited + share * (upper.unedited - lower.unedited);
  }
  return NaN;
}

/** The mean norm of seeded codes, and the standard deviation of each score among their faces. */
async function seededFaces(
  model: Model,
  scorer: Scorer,
): Promise<{ readonly norm: number; readonly spread: readonly number[] }> {
  const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);
  const w = await model.map(seedsToZ(seeds, model.zDimension), { psi: 1, cutoff: null });
  const { codeSize, resolution } = model;
  const norms = seeds.map((row) => wPlusNorm(w.subarray(row * codeSize, (row + 1) * codeSize)));
  const width = scorer.attributes.length;
  const scores: number[][] = scorer.attributes.map(() => []);
  for (let first = 0; first < SEEDS; first += BATCH) {
    const pictures = await model.synthesize(w.subarray(first * codeSize, (first + BATCH) * codeSize), BATCH);
    const found = await scorer.score(pictures, BATCH, resolution);
    found.forEach((value, at) => scores[at % width]?.push(value));
  }
  return { norm: mean(norms), spread: scores.map(deviation) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

evaluate(evaluatePenalty);
