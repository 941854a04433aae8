import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtInScorer } from "../../src/engine/labels";
import { applyEdits, directionMatches, editAlong, readDirection } from "../../src/engine/directions";
import type { FaceNets } from "../../src/engine/faces";
import { seedsToZ } from "../../src/engine/latents";
import type { Scorer } from "../../src/engine/labels";
import type { Model } from "../../src/engine/models";
import { openDemoModel, repository } from "../support/demoModel";

const FOLDER = repository("models/demo/directions");
const NAMES = readdirSync(FOLDER).map((file) => file.replace(".direction.json", ""));
/** Not the seeds that the directions were fitted or first measured on. */
const SEEDS = Array.from({ length: 100 }, (_, i) => 500_000 + i);

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
});
