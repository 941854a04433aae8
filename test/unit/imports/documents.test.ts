import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../../../src/engine/checkpoints";
import { importDirection, importLatents, importModel } from "../../../src/engine/imports";
import { openModel, openPack, type Model } from "../../../src/engine/models";
import { openRuntime } from "../../../src/engine/runtime";
import { failureOf, temporaryFolder } from "../../support/folder";
import { Random } from "../../support/random";
import { fixturePath } from "../../support/wavyPictures";

const LAYERS = 10;
const WIDTH = 20;
const SIZE = LAYERS * WIDTH;
const run = { createdAt: "2026-01-01T00:00:00Z", version: "0" };
const folder = temporaryFolder();
let model: Model;

beforeAll(async () => {
  const runtime = await openRuntime("cpu");
  const pack = join(folder, "model");
  await importModel([fixturePath("stylegan2/rosinality-64.pt")], { folder: pack, runtime });
  model = await openModel(await openPack(pack), runtime);
});
afterAll(async () => {
  await model.dispose();
  await model.runtime.dispose();
});

function written(name: string, data: Float32Array, shape: readonly number[]): string {
  const path = join(folder, `${name}.npy`);
  writeFileSync(path, writeNpy(data, shape));
  return path;
}

describe("a published direction", () => {
  it("in one row is one in w, of unit length, with its length kept and its sigma measured", async () => {
    const raw = new Random(1).normals(WIDTH);
    const { document, notes } = await importDirection(written("age_w_boundary", raw, [1, WIDTH]), {
      model,
      run,
    });
    const norm = Math.hypot(...raw);
    expect(document).toMatchObject({
      attribute: "age_w_boundary",
      space: "w",
      shape: [WIDTH],
      layers: [0, 4],
    });
    expect(document.coefficientNorm).toBeCloseTo(norm, 4);
    expect(Math.hypot(...(document.vector as number[]))).toBeCloseTo(1, 5);
    expect(document.sigma).toBeGreaterThan(0);
    expect(notes).toEqual([]);
  });

  it("that is zero where edits begin says so, and recommends the rows that are not", async () => {
    const raw = new Float32Array(SIZE);
    raw.set(new Random(2).normals(3 * WIDTH), 5 * WIDTH);
    const { document, notes } = await importDirection(written("rfm", raw, [1, SIZE]), { model, run });
    expect(document).toMatchObject({ space: "w+", shape: [LAYERS, WIDTH], layers: [5, 8] });
    expect(notes).toEqual([expect.stringMatching(/is zero on the layers 0:4 .* 5:8, where it is not/)]);
  });

  it.each([
    ["another model's", new Float32Array(7).fill(1), [1, 7], /no direction of model/],
    ["nothing but zeros", new Float32Array(WIDTH), [WIDTH], /its length is 0/],
  ])("that is %s is refused", async (name, data, shape, sentence) => {
    const failure = await failureOf(() => importDirection(written(name, data, shape), { model, run }));
    expect(failure.message).toMatch(sentence);
  });
});

describe("published latents", () => {
  it.each([
    ["Puzer's", [LAYERS, WIDTH], 1],
    ["RFM's", [1, LAYERS, WIDTH], 1],
    ["a batch", [3, LAYERS, WIDTH], 3],
  ])("become documents: %s", async (name, shape, count) => {
    const data = new Random(3).normals(count * SIZE);
    const documents = await importLatents(written(name, data, shape), model, run);
    expect(documents.map(({ w }) => w.flat()).flat()).toEqual(Array.from(data));
    expect(documents).toHaveLength(count);
    expect(documents[0]).toMatchObject({ space: "w+", shape: [LAYERS, WIDTH], edits: [] });
  });

  it("of another model or with NaN are refused", async () => {
    const other = written("other", new Float32Array(14), [2, 7]);
    expect((await failureOf(() => importLatents(other, model, run))).message).toMatch(/no latent of model/);
    const broken = written("nan", new Float32Array(SIZE).fill(NaN), [LAYERS, WIDTH]);
    expect((await failureOf(() => importLatents(broken, model, run))).message).toMatch(/NaN or infinity/);
  });
});
