import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCheckpoint, toFloat32 } from "../../../src/engine/checkpoints";
import { parseDocument, serialiseDocument } from "../../../src/engine/files";
import { importGanSpace, importModel, inspectFile, type ImportedGanSpace } from "../../../src/engine/imports";
import { openModel, openPack, type Model } from "../../../src/engine/models";
import { openRuntime } from "../../../src/engine/runtime";
import { failureOf, temporaryFolder } from "../../support/folder";
import { fixturePath } from "../../support/wavyPictures";

const folder = temporaryFolder();
const run = { createdAt: "2026-01-01T00:00:00.000Z", version: "0.0.0" };
const WIDTH = 20;
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

const path = (part: string): string => fixturePath(`imports/ganspace.${part}.npz`);
const imported = (part: string, count?: number): Promise<ImportedGanSpace> =>
  importGanSpace(path(part), { model, run, ...(count === undefined ? {} : { count }) });

async function numbers(part: string, name: string): Promise<Float32Array> {
  const entry = (await openCheckpoint(path(part))).tensors.get(name);
  if (entry === undefined) throw new Error(`the fixture has no ${name}`);
  return toFloat32(await entry.read());
}

describe("components of GANSpace", () => {
  it("become directions in w with their deviation as sigma, twenty where nobody asks for more", async () => {
    const { documents, notes } = await imported("w");
    expect(documents).toHaveLength(20);
    expect(notes).toEqual([expect.stringMatching(/^4 weaker components/)]);
    const [components, deviations] = [await numbers("w", "lat_comp"), await numbers("w", "lat_stdev")];
    const shares = await numbers("w", "var_ratio");
    for (const [index, document] of documents.entries()) {
      expect(document).toMatchObject({ space: "w", shape: [WIDTH], layers: [0, 10], group: "discovered" });
      const vector = document.vector as readonly number[];
      expect(vector.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 6);
      vector.forEach((value, i) => {
        expect(value).toBeCloseTo(components[index * WIDTH + i] ?? NaN, 6);
      });
      expect(document.sigma).toBeCloseTo(deviations[index] ?? NaN, 5);
      expect(document.discovery).toMatchObject({ method: "pca", component: index });
      expect(document.discovery?.share).toBeCloseTo(shares[index] ?? NaN, 6);
      // What is written can be read again: the schema knows every part.
      expect(parseDocument(serialiseDocument(document), "direction", "x").attribute).toBe(document.attribute);
    }
    expect(documents[3]?.attribute).toBe("ganspace.w-03");
  });

  it("are as many as asked for, as far as there are", async () => {
    expect((await imported("w", 3)).documents).toHaveLength(3);
    const all = await imported("w", 100);
    expect(all.documents).toHaveLength(24);
    expect(all.notes).toEqual([]);
  });

  it("are the layer's where the latents' are no codes of the model", async () => {
    const { documents } = await imported("layer", 1);
    const components = await numbers("layer", "act_comp");
    expect((documents[0]?.vector as readonly number[])[7]).toBeCloseTo(components[7] ?? NaN, 6);
    expect(documents[0]?.sigma).toBeCloseTo(9, 5);
  });

  it("say that they may be of z where their mean is 0", async () => {
    expect((await imported("z", 24)).notes.join(" ")).toMatch(/have the mean 0, as z has/);
  });

  it("of another width and files without any are refused", async () => {
    expect((await failureOf(() => imported("other"))).message).toMatch(
      /components of 7 numbers, but a code of model has 20/,
    );
    const other = fixturePath("checkpoints/pickled/plain.npz");
    const failure = await failureOf(() => importGanSpace(other, { model, run }));
    expect(failure.message).toMatch(/holds no components of GANSpace/);
  });

  it("are known by what they are called", async () => {
    expect((await inspectFile(path("w"))).guess).toBe("24 directions of GANSpace, of 20 numbers each.");
  });
});
