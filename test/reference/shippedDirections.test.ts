import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtInScorer } from "../../src/engine/labels";
import { applyEdits, directionMatches, editAlong, readDirection } from "../../src/engine/directions";
import { ScoredFaces } from "../../src/engine/directions/conditioning/scoredFaces";
import type { FaceNets } from "../../src/engine/faces";
import { seedsToZ } from "../../src/engine/latents";
import type { Scorer } from "../../src/engine/labels";
import type { Model } from "../../src/engine/models";
import { openDemoModel, repository } from "../support/demoModel";

const FOLDER = repository("models/demo/directions");
const NAMES = readdirSync(FOLDER).map((file) => file.replace(".direction.json", ""));
/** Not the seeds that the directions were fitted or first measured on. */
const SEEDS = Array.from({ length: 100 }, (_, i) => 500_000 + i);
const LEAK_SEEDS = Array.from({ length: 200 }, (_, i) => 600_000 + i);

let model: Model;
let nets: FaceNets;
let close: () => Promise<void>;
let scorer: Scorer;
let codes: Float32Array;
let before: Float32Array;

const score = async (w: Float32Array): Promise<Float32Array> =>
  (await scorer.score(await model.synthesize(w), SEEDS.length, model.resolution)).slice();

beforeAll(async () => {
  ({ model, nets, close } = await openDemoModel());
  scorer = builtInScorer(nets, model.alignment);
  codes = await model.map(seedsToZ(SEEDS));
  before = await score(codes);
});
afterAll(() => close());

describe("the directions of the embedded model", () => {
  it("are ten or more, of this model, fitted to the gap and better than chance on held-out faces", async () => {
    expect(NAMES.length).toBeGreaterThanOrEqual(10);
    for (const name of NAMES) {
      const direction = await readDirection(join(FOLDER, `${name}.direction.json`));
      expect(directionMatches(direction, model)).toBe(true);
      const { document } = direction;
      expect(document.attribute).toBe(name);
      expect(document.solver?.gap).toBeLessThanOrEqual(1e-6);
      expect(document.auc).toBeGreaterThan(0.85);
      expect(document.accuracy?.test).toBeGreaterThan(document.accuracy?.majority ?? 1);
      expect(document.effect?.right).toBeGreaterThanOrEqual(0.9);
    }
  });

  it("carry the proof of their quality, in small files", async () => {
    for (const name of NAMES) {
      const path = join(FOLDER, `${name}.direction.json`);
      expect(statSync(path).size).toBeLessThan(60_000);
      const { document } = await readDirection(path);
      const { samples, auc = NaN, aucInterval = [NaN, NaN], learningCurve = [], roc = [] } = document;
      expect(samples).toMatchObject({ train: 12_288, test: 4096 });
      expect(aucInterval[0]).toBeLessThan(auc);
      expect(aucInterval[1]).toBeGreaterThan(auc);
      expect(learningCurve.map(({ train }) => train)).toEqual([1000, 2000, 4000, 8000, 12_000, 12_288]);
      expect(learningCurve.at(-1)?.auc).toBeCloseTo(auc, 6);
      expect(roc[0]).toEqual([0, 0]);
      expect(roc.at(-1)).toEqual([1, 1]);
      expect(document.histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(16_384);
      expect(document.protocol?.train).toBe(8000);
      expect(document.coefficients?.of).toBe(512);
      expect(document.layerEffects).toHaveLength(model.layers);
      expect(document.conditioning?.method).toBe("gradient");
      expect(document.conditioning?.leaks?.faces).toBeGreaterThanOrEqual(
        ["smile", "age", "gender"].includes(name) ? 200 : 80,
      );
    }
  });

  it.each(["smile", "age", "gender"])(
    "rank held-out faces by %s with an AUC of 0.9 or more",
    async (name) => {
      const { document } = await readDirection(join(FOLDER, `${name}.direction.json`));
      expect(document.auc).toBeGreaterThanOrEqual(0.9);
    },
  );

  it.each(["smile", "age", "gender"])("+2 sigma of %s raises its score on 9 of 10 faces", async (name) => {
    const direction = await readDirection(join(FOLDER, `${name}.direction.json`));
    const edit = editAlong(direction, 2);
    const { layers, wDimension, codeSize } = model;
    const edited = new Float32Array(codes.length);
    SEEDS.forEach((_, face) => {
      const code = codes.subarray(face * codeSize, (face + 1) * codeSize);
      edited.set(applyEdits(code, layers, wDimension, [edit]), face * codeSize);
    });
    const after = await score(edited);
    const column = scorer.attributes.findIndex((attribute) => attribute.name === name);
    const width = scorer.attributes.length;
    const right = SEEDS.filter((_, face) => {
      const at = face * width + column;
      return (after[at] ?? NaN) > (before[at] ?? NaN);
    });
    expect(right.length).toBeGreaterThanOrEqual(90);
  });

  it("move smile, age and gender without moving one another by a third of what they move themselves", async () => {
    const main = ["smile", "age", "gender"];
    for (const name of main) {
      const { document } = await readDirection(join(FOLDER, `${name}.direction.json`));
      const change = document.effect?.change ?? {};
      for (const other of main.filter((candidate) => candidate !== name)) {
        expect(Math.abs(change[other] ?? NaN)).toBeLessThan((change[name] ?? NaN) / 3);
      }
    }
  });

  it("leak a third of what their boundaries did at an equal rise of the own score, on fresh faces", async () => {
    const { document } = await readDirection(join(FOLDER, "smile.direction.json"));
    const { before = {}, gradient = {} } = document.conditioning?.leaks ?? {};
    const own = scorer.attributes.findIndex(({ name }) => name === "smile");
    const faces = await ScoredFaces.draw(model, scorer, LEAK_SEEDS, undefined);
    const { vector, sigma = NaN, space, layers } = document;
    const { change } = await faces.changeAtRise(
      {
        direction: { name: "smile", path: "", sha256: "", space, sigma, vector },
        amount: 1,
        layers,
        clip: 0,
        muted: false,
      },
      own,
      1,
    );
    for (const other of ["age", "gender"]) {
      const third = Math.abs(before[other] ?? NaN) / 3;
      expect(Math.abs(gradient[other] ?? NaN)).toBeLessThan(third);
      const again = change[scorer.attributes.findIndex(({ name }) => name === other)] ?? NaN;
      expect(Math.abs(again), `${other} on other faces`).toBeLessThan(third);
    }
  });
});
