import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  Conditioner,
  deviationsOf,
  fitDirections,
  measureDirections,
  type Direction,
  type FitChoices,
} from "../engine/directions";
import {
  documentSuffix,
  makeFolder,
  readDocument,
  RfmError,
  writeDocument,
  writeFileAtomically,
  type DirectionDocument,
} from "../engine/files";
import { codesOfLabelSet, createLabelSet, type LabelledCodes, type Scorer } from "../engine/labels";
import type { Model } from "../engine/models";
import type { Runtime } from "../engine/runtime";
import { chooseC } from "./chooseC";
import { DIRECTION_RECIPES, LIGHT, type DirectionRecipe } from "./directionRecipes";
import { betweenMarkers, conditioningTable, qualityTable } from "./directionTables";
import { runBlock } from "./run";
import { Workshop } from "./workshop";

/** Labelled at full truncation: the generator was trained on such codes, and photos are inverted to such. */
const LABELS = { seeds: { start: 0, end: 16_384 }, batch: 16, psi: 1, cutoff: null };
const TRAIN = 12_288;
/** Fresh faces, far from the labelled seeds. */
const LEAK_SEEDS = Array.from({ length: 200 }, (_, i) => 1_000_000 + i);
const MEASURE = { faces: 100, layerFaces: 12, amount: 2, seed: 1_100_000 };
/** What people look at first: directions are freed of these wholly. */
const MAIN = ["smile", "age", "gender"];

/**
 * Makes the directions that come with the embedded model: labels seeds (into dist/labels, resumed where it was left), fits
 * every attribute, frees it of the others by their scores' gradients, measures what it does, and writes
 * models/demo/directions/NAME.direction.json and the tables in docs/DIRECTIONS.md. Where attributes are named as arguments,
 * only those are made anew.
 */
async function main(): Promise<void> {
  const repository = resolve(__dirname, "..");
  const workshop = new Workshop("cpu");
  const bench = new Bench(await workshop.model(), await workshop.scorer(), await workshop.runtime());
  const codes = await bench.label(join(__dirname, "labels", "demo"));
  const fitted = await bench.fit(codes);
  const folder = join(repository, "models", "demo", "directions");
  await makeFolder(folder);
  const documents: DirectionDocument[] = [];
  const conditioner = new Conditioner(bench.model, bench.scorer, {
    seeds: LEAK_SEEDS,
    deviations: deviationsOf(codes.columns, bench.scorer),
    practiceFaces: 512,
  });
  const wanted = process.argv.slice(2);
  for (const recipe of DIRECTION_RECIPES) {
    const path = join(folder, recipe.attribute + documentSuffix("direction"));
    if (wanted.length > 0 && !wanted.includes(recipe.attribute)) {
      documents.push(await readDocument(path, "direction"));
      continue;
    }
    const document = await bench.finish(recipe, fitted, codes, conditioner);
    await writeDocument(path, document);
    documents.push(document);
    console.log(qualityTable([document]).at(-1));
  }
  await conditioner.dispose();
  await workshop.close();
  const page = join(repository, "docs", "DIRECTIONS.md");
  const text = betweenMarkers(await readFile(page, "utf8"), {
    quality: qualityTable(documents),
    conditioning: conditioningTable(documents),
  });
  await writeFileAtomically(page, text);
}

/** What all directions are made with. */
class Bench {
  constructor(
    readonly model: Model,
    readonly scorer: Scorer,
    readonly runtime: Runtime,
  ) {}

  async label(name: string): Promise<LabelledCodes> {
    await makeFolder(resolve(name, ".."));
    await createLabelSet(name, this.model, this.scorer, LABELS.seeds, {
      ...LABELS,
      resume: true,
      run: runBlock("cpu"),
      onProgress: ({ done, total }) => {
        if (done % 1024 === 0) console.log(`labelled ${done} of ${total}`);
      },
    });
    return codesOfLabelSet(name, this.model);
  }

  /** Every attribute's boundary, for the closed form wants those of the others, too. */
  async fit(codes: LabelledCodes): Promise<ReadonlyMap<string, DirectionDocument>> {
    const { model, runtime } = this;
    const choices: FitChoices = {
      train: TRAIN,
      layers: [0, model.layers],
      thresholds: Object.fromEntries(
        DIRECTION_RECIPES.flatMap(({ attribute, quantile }) =>
          quantile === undefined ? [] : [[attribute, `q${quantile}`]],
        ),
      ),
    };
    const tools = { runtime, model, run: runBlock("cpu") };
    const C = await chooseC(codes, choices, tools, (line) => {
      console.log(line);
    });
    const { documents, failures } = await fitDirections(codes, { ...choices, C }, tools);
    for (const { attribute, message } of failures) console.log(`${attribute}: ${message}`);
    return new Map(documents.map((document) => [document.attribute, document]));
  }

  async finish(
    recipe: DirectionRecipe,
    fitted: ReadonlyMap<string, DirectionDocument>,
    codes: LabelledCodes,
    conditioner: Conditioner,
  ): Promise<DirectionDocument> {
    const began = performance.now();
    const own = fitted.get(recipe.attribute);
    if (own === undefined) {
      throw new RfmError("usage", `No direction of ${recipe.attribute} was fitted; correct the recipe.`);
    }
    const on = [...fitted.values()].filter(
      ({ attribute }) => attribute !== recipe.attribute && !recipe.kin.includes(attribute),
    );
    // Freed wholly of what people look at first; two dozen scores held as hard would leave little of the direction.
    const softly = on.map(({ attribute }) => attribute).filter((attribute) => !MAIN.includes(attribute));
    const effort = { ...(recipe.effort ?? LIGHT), softly };
    const freed = await conditioner.condition(
      asDirection(own),
      on.map(asDirection),
      "gradient",
      own.run,
      effort,
    );
    const [measured = freed] = await measureDirections([freed], codes, "kept", MEASURE, {
      model: this.model,
      scorer: this.scorer,
    });
    return { ...measured, run: runBlock("cpu", began) };
  }
}

function asDirection(document: DirectionDocument): Direction {
  return { name: document.attribute, path: document.attribute, sha256: "", document };
}

main().catch((error: unknown) => {
  console.error(error instanceof RfmError ? `build-directions: ${error.message}` : error);
  process.exitCode = 1;
});
