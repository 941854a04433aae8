import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../../../src/engine/checkpoints";
import type { LabelsDocument } from "../../../src/engine/files";
import {
  importLabels,
  importModel,
  inspectFile,
  type ImportedLabels,
  type ImportLabelsOptions,
} from "../../../src/engine/imports";
import { codesOfLabelSet, mergeLabelSets, readLabelSet } from "../../../src/engine/labels";
import { seedsToZ } from "../../../src/engine/latents";
import { openModel, openPack, type Model } from "../../../src/engine/models";
import { openRuntime, type Runtime } from "../../../src/engine/runtime";
import { failureOf, temporaryFolder } from "../../support/folder";
import { fixtureNumbers } from "../../support/networks";
import { fixturePath } from "../../support/wavyPictures";

const folder = temporaryFolder();
const FACES = 40;
const run = { createdAt: "2026-01-01T00:00:00.000Z", version: "0.0.0" };
let runtime: Runtime;
let model: Model;
let expected: (name: string) => Float32Array;

beforeAll(async () => {
  runtime = await openRuntime("cpu");
  const pack = join(folder, "model");
  await importModel([fixturePath("stylegan2/rosinality-64.pt")], { folder: pack, runtime });
  model = await openModel(await openPack(pack), runtime);
  expected = await fixtureNumbers(fixturePath("imports/expected.safetensors"));
});
afterAll(async () => {
  await model.dispose();
  await runtime.dispose();
});

let count = 0;
type Options = Partial<ImportLabelsOptions>;
interface Imported extends ImportedLabels {
  readonly name: string;
}

async function imported(files: readonly string[], options: Options = {}): Promise<Imported> {
  const name = join(folder, `set-${count++}`);
  const paths = files.map((file) => (file.startsWith("/") ? file : fixturePath(`imports/${file}`)));
  return { name, ...(await importLabels(paths, { model, name, run, ...options })) };
}

const scoresOf = async (name: string): Promise<Float32Array> => (await readLabelSet(name)).scores;
const thresholds = ({ attributes }: LabelsDocument): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ name, threshold }) => [name, threshold]));

describe("RFM's logits", () => {
  it.each(["logits.old.pt", "logits.row.pt", "logits.column.pt"])(
    "%s are of the seeds from 0 on, at least 0 is positive, and the sign of the first is told",
    async (file) => {
      const { name, document, notes } = await imported([file]);
      expect(document).toMatchObject({ count: FACES, seeds: { start: 0, end: FACES }, space: "w" });
      expect(document).toMatchObject({ psi: model.psi.default, model: { sha256: model.sha256 } });
      expect(document.attributes.map((attribute) => attribute.name)).toContain("wearing-necktie");
      expect(new Set(Object.values(thresholds(document)))).toEqual(new Set([0]));
      expect(notes.join(" ")).toMatch(/-1 male, 1 female/);
      expect(await scoresOf(name)).toEqual(expected("logits"));
    },
  );

  it("with z of the seeds name the seeds", async () => {
    const { document } = await imported(["logits.old.pt", "z.seeds.pt"]);
    expect(document.seeds).toEqual({ start: 0, end: FACES });
  });

  it("with other z hold what the model maps them to", async () => {
    const { name, document, notes } = await imported(["logits.row.pt", "z.other.pt"]);
    expect(document).not.toHaveProperty("seeds");
    expect(notes.join(" ")).toMatch(/taken for z/);
    const { rows, dimension, columns } = await codesOfLabelSet(name, model);
    const w = await model.map(expected("z.other"));
    const first = w.filter((_, i) => i % model.codeSize < model.wDimension);
    expect(dimension).toBe(model.wDimension);
    expect(rows).toEqual(first);
    expect(columns[3]?.scores[5]).toBe(expected("logits")[5 * 40 + 3]);
  });

  it("of too few or other codes are refused", async () => {
    const path = join(folder, "few.npy");
    writeFileSync(path, writeNpy(new Float32Array(39 * 20), [39, 20]));
    expect((await failureOf(() => imported(["logits.row.pt", path]))).message).toMatch(
      /few\.npy holds 39 codes, but the labels are of 40 faces/,
    );
    writeFileSync(path, writeNpy(new Float32Array(40 * 21), [40, 21]));
    expect((await failureOf(() => imported(["logits.row.pt", path]))).message).toMatch(
      /40x21, which are no codes of model/,
    );
    expect((await failureOf(() => imported(["logits.row.pt", "logits.old.pt"]))).message).toMatch(
      /hold scores each/,
    );
  });
});

describe("the Microsoft set", () => {
  it("takes RFM's thresholds, and medians where it has none", async () => {
    const { name, document } = await imported(["microsoft.pt", "faces.2.pkl.gz"]);
    const scores = await scoresOf(name);
    expect(scores).toEqual(expected("rfm"));
    const at = thresholds(document);
    expect(at).toMatchObject({ smile: 0.5, male: 0.5, "hair-black": 0.8 });
    const positive = (value: number, attribute: string): boolean => value >= Number(at[attribute]);
    const single = Math.fround;
    for (const attribute of ["overexposure", "eye-makeup", "lip-makeup", "hair-red"])
      expect([positive(0, attribute), positive(single(0.001), attribute)]).toEqual([false, true]);
    expect([single(0.7), single(0.71)].map((value) => positive(value, "hair-blond"))).toEqual([false, true]);
    expect(positive(single(0.8), "hair-black")).toBe(true);
    for (const [column, attribute] of [
      [1, "roll-plus"],
      [4, "yaw-minus"],
      [7, "age"],
    ] as const) {
      const values = Array.from(scores).filter((value, i) => i % 40 === column && value > 0);
      const above = values.filter((value) => positive(value, attribute)).length;
      expect(Math.abs(above / values.length - 0.5), attribute).toBeLessThan(0.13);
    }
  });

  it("has the codes of the pickle as w, where the edited layers are one", async () => {
    const { name, document } = await imported(["microsoft.pt", "faces.2.pkl.gz"]);
    expect(document).toMatchObject({ space: "w", count: FACES });
    expect(document).not.toHaveProperty("seeds");
    const { rows, dimension, layers } = await codesOfLabelSet(name, model);
    expect([dimension, layers]).toEqual([20, undefined]);
    expect(rows).toEqual(expected("w"));
  });

  it("has them as w+ where they are not", async () => {
    const { name, document } = await imported(["microsoft.pt", "faces.3.pkl.gz"]);
    expect(document.space).toBe("w+");
    const { rows, layers } = await codesOfLabelSet(name, model);
    expect(layers).toBe(10);
    expect(rows).toEqual(expected("varied"));
  });

  it("loses the signs of negative angles, and says so", async () => {
    const { name, notes } = await imported(["microsoft.signed.pt", "faces.2.pkl.gz"]);
    expect(await scoresOf(name)).toEqual(expected("rfm"));
    expect(notes.join(" ")).toMatch(/roll-minus and yaw-minus of microsoft\.signed\.pt are negative angles/);
  });

  it("is nothing without the codes of its faces", async () => {
    expect((await failureOf(() => imported(["microsoft.pt"]))).message).toMatch(
      /labels without the faces that they are of/,
    );
  });

  it("takes codes of a bare array for what they are asked to be", async () => {
    const path = join(folder, "codes.npy");
    const z = seedsToZ(
      Array.from({ length: FACES }, (_, i) => 100 + i),
      20,
    );
    writeFileSync(path, writeNpy(z, [FACES, 20]));
    const asW = await imported(["microsoft.pt", path], { codes: "w" });
    expect((await codesOfLabelSet(asW.name, model)).rows).toEqual(z);
    const asZ = await imported(["microsoft.pt", path]);
    expect((await codesOfLabelSet(asZ.name, model)).rows).not.toEqual(z);
  });
});

describe("Puzer's pickle", () => {
  it.each([
    ["faces.2.pkl.gz", "rfm"],
    ["faces.3.pkl.gz", "rfm"],
    ["faces.lists.pkl", "rfm"],
    ["faces.2.pkl.gz", "corrected"],
    ["faces.lists.pkl", "corrected"],
  ] as const)("%s is cleaned as by a script: %s", async (file, cleaning) => {
    const { name } = await imported([file], { cleaning });
    expect(await scoresOf(name)).toEqual(expected(cleaning));
  });

  it("tells where the other cleaning differs, and in how many faces", async () => {
    const { notes } = await imported(["faces.2.pkl.gz"]);
    const [rfm, corrected] = [expected("rfm"), expected("corrected")];
    const differing = (column: number): number =>
      Array.from(rfm).filter((value, i) => i % 40 === column && value !== corrected[i]).length;
    expect(differing(27)).toBeGreaterThan(0);
    expect(notes[0]).toContain(`forehead-occluded in ${differing(27)}`);
    expect(notes[0]).toContain(`mask in ${differing(39)}`);
    expect(notes[0]).toContain(`hair-blond in ${differing(34)}`);
    expect(notes[0]).not.toContain("smile");
  });

  it("leaves out answers without a face, with their codes", async () => {
    const { name, document, notes } = await imported(["faces.4.pkl.gz"]);
    expect(document.count).toBe(FACES - 3);
    expect(notes.join(" ")).toMatch(/3 of 40 answers name no face/);
    const without = (data: Float32Array, width: number): Float32Array =>
      data.filter((_, i) => ![3, 17, 39].includes(Math.floor(i / width)));
    expect(await scoresOf(name)).toEqual(without(expected("rfm"), 40));
    expect((await codesOfLabelSet(name, model)).rows).toEqual(without(expected("w"), 20));
  });

  it("warns where the codes are another model's", async () => {
    const { notes } = await imported(["faces.2.pkl.gz"]);
    expect(notes.join(" ")).toMatch(/another model's/);
    const z = seedsToZ(
      Array.from({ length: FACES }, (_, i) => 100 + i),
      20,
    );
    const w = (await model.map(z, { psi: 0.6 })).filter((_, i) => i % model.codeSize < 20);
    const [zPath, wPath] = [join(folder, "own.z.npy"), join(folder, "own.w.npy")];
    writeFileSync(zPath, writeNpy(z, [FACES, 20]));
    writeFileSync(wPath, writeNpy(w, [FACES, 1, 20]));
    const own = await imported(["microsoft.pt", zPath, wPath]);
    expect(own.notes.join(" ")).not.toMatch(/another model's/);
    expect((await codesOfLabelSet(own.name, model)).rows).toEqual(w);
  });

  it("is known by what it holds", async () => {
    expect((await inspectFile(fixturePath("imports/faces.4.pkl.gz"))).guess).toBe(
      "A label set: 40 answers of the Microsoft Face API, with codes of the faces (40x20, 40x10x20).",
    );
    expect((await inspectFile(fixturePath("imports/logits.row.pt"))).guess).toBe(
      "A label set: 40 faces in 40 attributes.",
    );
  });
});

describe("a label set of codes", () => {
  it("is refused where a file of codes was changed, and where sets are merged by seeds", async () => {
    const { name } = await imported(["microsoft.pt", "faces.2.pkl.gz"]);
    const failure = await failureOf(() => mergeLabelSets([name, name], join(folder, "merged"), { run }));
    expect(failure.message).toMatch(/holds latents instead of seeds/);
    const path = join(`${name}.labels`, "0-40.w.npy");
    writeFileSync(path, writeNpy(new Float32Array(FACES * 20), [FACES, 20]));
    expect((await failureOf(() => codesOfLabelSet(name, model))).message).toMatch(
      /0-40\.w\.npy is not what its label set wrote/,
    );
    writeFileSync(path, writeNpy(new Float32Array(FACES * 19), [FACES, 19]));
    expect((await failureOf(() => codesOfLabelSet(name, model))).message).toMatch(
      /holds float32 40x19, not float32 40x20/,
    );
  });

  it("does not take the place of another", async () => {
    const { name } = await imported(["logits.row.pt"]);
    const failure = await failureOf(() => imported(["logits.row.pt"], { name }));
    expect(failure.message).toMatch(/exists already/);
  });
});
