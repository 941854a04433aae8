import { join, resolve } from "node:path";
import {
  conditionByCovariance,
  covarianceOf,
  editEffect,
  fitDirection,
  openRuntimeGram,
  scoreSlopes,
  sigmaAlong,
  type Gram,
} from "../engine/directions";
import {
  documentSuffix,
  makeFolder,
  RfmError,
  sha256,
  writeDocument,
  type DirectionDocument,
  type Edit,
} from "../engine/files";
import { createLabelSet, readLabelSet, type LabelSet, type Scorer } from "../engine/labels";
import { seedsToZ } from "../engine/latents";
import type { Model } from "../engine/models";
import { DIRECTION_RECIPES, type DirectionRecipe } from "./directionRecipes";
import { runBlock } from "./run";
import { Workshop } from "./workshop";

/** Labelled at full truncation: the generator was trained on such codes, and photos are inverted to such. */
const LABELS = { seeds: { start: 0, end: 12_288 }, batch: 16, psi: 1, cutoff: null };
/** Fewer than RFM's 1: codes are badly conditioned, and small coefficients ask fewer of the coordinates that hardly vary. */
const C = 0.1;
/** Faces that the effect is measured on, far from the labelled seeds. */
const FRESH = Array.from({ length: 100 }, (_, i) => 1_000_000 + i);
const AMOUNT = 2;

/**
 * Makes the directions that come with the embedded model: labels seeds (into dist/labels, resumed where it was left), fits
 * every attribute by L1 logistic regression, frees it of the others, measures what it does and writes
 * models/demo/directions/NAME.direction.json.
 */
async function main(): Promise<void> {
  const repository = resolve(__dirname, "..");
  const workshop = new Workshop("cpu");
  const [model, scorer, runtime] = [
    await workshop.model(),
    await workshop.scorer(),
    await workshop.runtime(),
  ];
  const labels = await label(join(__dirname, "labels", "demo"), model, scorer);
  const bench = new Bench(model, scorer, labels, await codesOf(model, labels.seeds));
  const products = await openRuntimeGram(runtime, model.wDimension);
  const folder = join(repository, "models", "demo", "directions");
  await makeFolder(folder);
  for (const recipe of DIRECTION_RECIPES) {
    const document = await bench.make(recipe, products.gram);
    await writeDocument(join(folder, recipe.attribute + documentSuffix("direction")), document);
    console.log(sentence(document));
  }
  await products.release();
  await workshop.close();
}

async function label(name: string, model: Model, scorer: Scorer): Promise<LabelSet> {
  await makeFolder(resolve(name, ".."));
  await createLabelSet(name, model, scorer, LABELS.seeds, {
    ...LABELS,
    resume: true,
    run: runBlock("cpu"),
    onProgress: ({ done, total }) => {
      if (done % 1024 === 0) console.log(`labelled ${done} of ${total}`);
    },
  });
  return readLabelSet(name);
}

/** w [n, D] of the seeds, not truncated. */
async function codesOf(model: Model, seeds: readonly number[]): Promise<Float32Array> {
  const { wDimension, codeSize } = model;
  const rows = new Float32Array(seeds.length * wDimension);
  const step = 256;
  for (let start = 0; start < seeds.length; start += step) {
    const part = seeds.slice(start, start + step);
    const w = await model.map(seedsToZ(part, model.zDimension), { psi: 1, cutoff: null });
    part.forEach((_, i) => {
      rows.set(w.subarray(i * codeSize, i * codeSize + wDimension), (start + i) * wDimension);
    });
  }
  return rows;
}

/** The label set with what all directions need of it. */
class Bench {
  readonly #covariance: Float64Array;
  readonly #slopes: Float64Array[];
  readonly #deviations: number[];

  constructor(
    readonly model: Model,
    readonly scorer: Scorer,
    readonly labels: LabelSet,
    readonly rows: Float32Array,
  ) {
    const { scores, attributes } = labels;
    this.#covariance = covarianceOf(rows, model.wDimension);
    this.#slopes = scoreSlopes(rows, scores, attributes.length, this.#covariance);
    this.#deviations = attributes.map((_, k) => deviation(this.#column(k)));
  }

  async make(recipe: DirectionRecipe, gram: Gram): Promise<DirectionDocument> {
    const began = performance.now();
    const { model, rows, labels } = this;
    const names = labels.attributes.map(({ name }) => name);
    const column = names.indexOf(recipe.attribute);
    const attribute = labels.attributes[column];
    if (attribute === undefined)
      throw new RfmError("usage", `The scorer gives no ${recipe.attribute}; correct the recipe.`);
    const scores = this.#column(column);
    const threshold = thresholdOf(scores, recipe.quantile, attribute.threshold);
    const positive = Array.from(scores, (score) => score >= threshold);
    const fit = await fitDirection(rows, model.wDimension, positive, { C, gram });
    const on = names.filter((name) => name !== recipe.attribute && !recipe.kin.includes(name));
    const freed = conditionByCovariance(
      fit.vector,
      on.map((name) => this.#slopes[names.indexOf(name)] ?? []),
      this.#covariance,
    );
    const { train, test, ...fitted } = fit;
    const document: DirectionDocument = {
      kind: "direction",
      version: 1,
      attribute: recipe.attribute,
      ...(attribute.group === undefined ? {} : { group: attribute.group }),
      model: { name: model.name, sha256: model.sha256 },
      labelSet: { name: "demo", sha256: sha256(new Uint8Array(labels.scores.buffer)) },
      space: "w",
      shape: [model.wDimension],
      sigma: sigmaAlong(rows, model.wDimension, freed.vector),
      layers: [0, model.layers],
      threshold,
      solver: fitted.solver,
      samples: fitted.samples,
      accuracy: {
        train: train.accuracy,
        ...(test && { test: test.accuracy, balanced: test.balanced, majority: test.majority }),
      },
      ...(test && { auc: test.auc }),
      conditioning: { method: "covariance", on, cosine: freed.cosine },
      vector: Array.from(freed.vector),
      run: runBlock("cpu", began),
    };
    const effect = await editEffect(model, this.scorer, editOf(document), column, this.#deviations, FRESH);
    return { ...document, effect };
  }

  #column(k: number): Float64Array {
    const { scores, attributes, seeds } = this.labels;
    return Float64Array.from(seeds, (_, i) => scores[i * attributes.length + k] ?? NaN);
  }
}

function editOf({ attribute, space, sigma = 1, vector, layers }: DirectionDocument): Edit {
  const direction = { name: attribute, path: "", sha256: "", space, sigma, vector };
  return { direction, amount: AMOUNT, layers, clip: 0, muted: false };
}

function thresholdOf(
  scores: Float64Array,
  quantile: number | undefined,
  own: number | string | undefined,
): number {
  if (quantile === undefined && typeof own === "number") return own;
  const sorted = Float64Array.from(scores).sort();
  return sorted[Math.floor(sorted.length * (quantile ?? 0.5))] ?? 0;
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** One line of the table that the script prints. */
function sentence({ attribute, auc, effect }: DirectionDocument): string {
  const change = effect?.change ?? {};
  const leaks = Object.entries(change)
    .filter(([name, value]) => name !== attribute && Math.abs(value) > 0.3)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .map(([name, value]) => `${name} ${value.toFixed(2)}`);
  return [
    `${attribute}: AUC ${auc?.toFixed(3) ?? "-"}`,
    `+${AMOUNT} sigma moves it ${(change[attribute] ?? NaN).toFixed(2)} deviations`,
    `the right way on ${((effect?.right ?? NaN) * 100).toFixed(0)}%`,
    `others: ${leaks.join(", ") || "none above 0.3"}`,
  ].join("; ");
}

main().catch((error: unknown) => {
  console.error(error instanceof RfmError ? `build-directions: ${error.message}` : error);
  process.exitCode = 1;
});
