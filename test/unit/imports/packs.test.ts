import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importModel } from "../../../src/engine/imports";
import { openScorer } from "../../../src/engine/labels";
import { Model, openModel, openPack } from "../../../src/engine/models";
import { openRuntime, type Runtime } from "../../../src/engine/runtime";
import { failureOf, temporaryFolder } from "../../support/folder";
import { difference, fixtureNumbers } from "../../support/networks";
import { runGraph } from "../../support/runGraph";
import { fixturePath, wavyPictures } from "../../support/wavyPictures";

const folder = temporaryFolder();
let runtime: Runtime;

beforeAll(async () => {
  runtime = await openRuntime("cpu");
});
afterAll(async () => {
  await runtime.dispose();
});

const opened: Model[] = [];
afterAll(async () => {
  await Promise.all(opened.map((model) => model.dispose()));
});

let count = 0;
/** Imports fixtures into a new pack and opens it. */
async function imported(...names: string[]): Promise<{ model: Model; missing: readonly string[] }> {
  const pack = join(folder, `pack-${count++}`);
  const { missing } = await importModel(names.map(fixturePath), { folder: pack, runtime });
  const model = await openModel(await openPack(pack), runtime);
  opened.push(model);
  return { model, missing };
}

/** The pixels of a picture [n,3,S,S] that the fixture kept. */
function pixels(x: Float32Array, side: number, grid: Float32Array): Float32Array {
  const at = Array.from(grid);
  const planes = Array.from({ length: x.length / side ** 2 }, (_, plane) => plane * side ** 2);
  return Float32Array.from(
    planes.flatMap((start) => at.flatMap((row) => at.map((column) => x[start + row * side + column] ?? NaN))),
  );
}

/** The first row of each w+ [n,L,D]. */
function firstRows(w: Float32Array, { codeSize, wDimension }: Model): Float32Array {
  return Float32Array.from(w).filter((_, i) => i % codeSize < wDimension);
}

const RFM = ["Gs_dict.pth", "Gm_dict.pth", "center_tensor.pt"].map((part) => `stylegan1/128.rfm.${part}`);

describe.each([
  { files: RFM, expected: "128", noise: "none" },
  { files: ["stylegan1/32.rfm.Gm_dict.pth", "stylegan1/32.rfm.Gs_dict.pth"], expected: "32", noise: "none" },
  { files: ["stylegan1/128.genforce.pth"], expected: "128", noise: "none" },
  { files: ["stylegan1/32.interfacegan.pth"], expected: "32", noise: "none" },
  { files: ["stylegan1/32.nvidia.pkl"], expected: "32", noise: "stored" },
] as const)("a pack of StyleGAN1 from $files", ({ files, expected: name, noise }) => {
  it("maps and draws as PyTorch does", async () => {
    const { model } = await imported(...files);
    const expected = await fixtureNumbers(fixturePath(`stylegan1/${name}.expected.safetensors`));
    const [rows, grid] = [expected("rows"), expected("grid")];
    // Where the file stores no noise, none is drawn.
    const x = await model.synthesize(rows);
    expect(difference(pixels(x, model.resolution, grid), expected(`x.${noise}`))).toBeLessThan(1e-4);
    const w = await model.map(expected("z"), { psi: 1 });
    expect(difference(firstRows(w, model), expected("w"))).toBeLessThan(1e-4);
    const half = await model.map(expected("z"), { psi: 0.7, cutoff: model.layers / 2 });
    const whole = await model.synthesize(half, 2, { noise: "none" });
    expect(difference(pixels(whole, model.resolution, grid), expected("x.z"))).toBeLessThan(1e-4);
  });
});

describe("a pack of StyleGAN2", () => {
  it.each([
    "genforce-16.pth",
    "genforce-32.pth",
    "rosinality-16.pt",
    "rosinality-32.pt",
    "e4e-16.pt",
    "ada-16.pkl",
    "ada-32.pkl",
    "tensorflow-16.pkl",
    "tensorflow-32.pkl",
  ])("maps and draws as PyTorch does: %s", async (name) => {
    const { model, missing } = await imported(`stylegan2/${name}`);
    const expected = await fixtureNumbers(fixturePath(`stylegan2/${name}.expected.safetensors`));
    expect(difference(await model.synthesize(expected("rows")), expected("x"))).toBeLessThan(1e-4);
    const w = await model.map(expected("z"), { psi: 1 });
    expect(difference(firstRows(w, model), expected("w"))).toBeLessThan(1e-4);
    // The one checkpoint without an average has it measured: about the mean of what seeds give.
    expect(missing).toHaveLength(name === "rosinality-16.pt" ? 1 : 0);
    expect(model.average.every(Number.isFinite)).toBe(true);
  });
});

describe("a pack of PGGAN", () => {
  it.each(["genforce-32.pth", "interfacegan-16.pth"])("draws z as PyTorch does: %s", async (name) => {
    const { model } = await imported(`pggan/${name}`);
    const expected = await fixtureNumbers(fixturePath(`pggan/${name}.expected.safetensors`));
    const code = await model.map(expected("z"));
    expect(code).toEqual(expected("z"));
    expect(model).toMatchObject({ space: "z", layers: 1, hasMapping: true });
    expect(difference(await model.synthesize(code), expected("x"))).toBeLessThan(1e-4);
  });
});

describe("parts of a StyleGAN1", () => {
  it("draw without their mapping network, and say that seeds give nothing", async () => {
    const { model, missing } = await imported("stylegan1/128.rfm.Gs_dict.pth");
    expect(missing.join(" ")).toMatch(/no mapping network.*no average w/);
    expect(model.hasMapping).toBe(false);
    const failure = await failureOf(() => model.map(new Float32Array(512)));
    expect(failure.message).toMatch(/has no mapping network, so z has no way to w/);
  });

  it("map without an average, which is measured then", async () => {
    const { model, missing } = await imported(
      "stylegan1/128.rfm.Gs_dict.pth",
      "stylegan1/128.rfm.Gm_dict.pth",
    );
    expect(missing.filter((sentence) => sentence.includes("average"))).toHaveLength(1);
    const { length } = model.average;
    expect(length).toBe(model.wDimension);
    // The mean of a thousand other seeds is as near as chance allows.
    const z = Float32Array.from(
      { length: 1000 * model.zDimension },
      (_, i) => Math.sqrt(2) * Math.sin(i * i * 0.7 + i),
    );
    const w = firstRows(await model.map(z, { psi: 1 }), model);
    const mean = Float32Array.from(
      { length },
      (_, i) => w.filter((_value, at) => at % length === i).reduce((a, b) => a + b, 0) / 1000,
    );
    expect(difference(model.average, mean)).toBeLessThan(0.2);
  });

  it("draw nothing where the synthesis network is missing, and no pack is left", async () => {
    const failure = await failureOf(() => imported("stylegan1/128.rfm.Gm_dict.pth"));
    expect(failure.message).toMatch(/mapping network without its synthesis/);
    expect(readdirSync(folder).some((name) => name.startsWith(`.`))).toBe(false);
  });

  it("take an encoder that fits, and refuse another", async () => {
    const { model } = await imported(...RFM, "encoderE/128.pth");
    const x = wavyPictures(0, 1, model.pictureSize);
    const w = await model.encode(x);
    expect(w).toHaveLength(model.codeSize);
    expect(w.every(Number.isFinite)).toBe(true);
    const failure = await failureOf(() => imported(...RFM, "encoderE/16.pth"));
    expect(failure.message).toMatch(/encoder takes pictures of 16 pixels/);
  });
});

describe("files that are no one model", () => {
  it.each([
    [["encoderE/128.pth"], /an encoder without its generator/],
    [["stylegan1/128.genforce.pth", "stylegan2/genforce-16.pth"], /hold a generator each/],
    [
      ["stylegan1/128.genforce.pth", "celebaClassifier/renamed.pkl"],
      /renamed\.pkl holds no part of the model/,
    ],
    [["checkpoints/f4.npy"], /holds no network that is known here/],
    [["stylegan2/refused/ada-labels.pkl"], /conditional|labels/],
    [["pggan/growing.pth"], /was saved while it grew/],
  ])("%s", async (files, sentence) => {
    const failure = await failureOf(() => imported(...files));
    expect(failure.message).toMatch(sentence);
    expect(failure.message).toMatch(/^[^\n]+\.$/);
  });
});

describe("classifiers", () => {
  it("make a scorer pack whose columns are in NVIDIA's order", async () => {
    const pack = join(folder, "scorer");
    const files = ["04-young", "00-male"].map((name) =>
      fixturePath(`celebaClassifier/celebahq-classifier-${name}.pkl`),
    );
    const result = await importModel(files, { folder: pack, runtime });
    expect(result).toMatchObject({ kind: "scorer", missing: [expect.stringMatching(/-1 male, 1 female/)] });
    const scorer = await openScorer(pack, runtime);
    expect(scorer.attributes.map(({ name }) => name)).toEqual(["male", "young"]);
    const expected = await fixtureNumbers(fixturePath("celebaClassifier/expected.safetensors"));
    const scores = await scorer.score(wavyPictures(0, 3, 3 * 32 ** 2), 3, 32);
    expect(scores).toHaveLength(6);
    expect(scores.every(Number.isFinite)).toBe(true);
    const male = Float32Array.from(scores).filter((_, at) => at % 2 === 0);
    expect(difference(male, expected("celebahq-classifier-00-male.pkl"))).toBeLessThan(1e-4);
    await scorer.dispose();
  });
});

describe("more classifiers than one file holds", () => {
  const files = ["04-young", "00-male"].map((name) =>
    fixturePath(`celebaClassifier/celebahq-classifier-${name}.pkl`),
  );
  const into = async (name: string, largestFile: number): Promise<string> => {
    const pack = join(folder, name);
    await importModel(files, { folder: pack, runtime, largestFile });
    return pack;
  };

  it("are several files that score as one does, one by one and as one graph", async () => {
    const [one, several] = [await into("one-file", 2 ** 29), await into("several-files", 1)];
    expect(readdirSync(one).sort()).toEqual(["model.json", "scorer.onnx"]);
    expect(readdirSync(several).sort()).toEqual(["model.json", "scorer.onnx", "scorer2.onnx"]);
    const [single, parted] = [await openScorer(one, runtime), await openScorer(several, runtime)];
    expect(parted.attributes).toEqual(single.attributes);
    const x = wavyPictures(0, 3, 3 * 32 ** 2);
    const expected = await single.score(x, 3, 32);
    expect(difference(await parted.score(x, 3, 32), expected)).toBeLessThan(1e-6);
    const graph = await parted.derivatives?.graph(32);
    if (graph === undefined) throw new Error("the scorer has no graph");
    const { scores } = await runGraph(graph, { x: x.slice(0, 3 * 32 ** 2) });
    expect(difference(scores, expected.slice(0, 2))).toBeLessThan(1e-5);
    await Promise.all([single.dispose(), parted.dispose()]);
    // A pack of several files makes place for another as one does.
    await importModel(files, { folder: several, runtime });
    expect(readdirSync(several).sort()).toEqual(["model.json", "scorer.onnx"]);
  });

  it("are refused where a file is missing or names other columns", async () => {
    const pack = await into("broken", 1);
    const path = join(pack, "model.json");
    const manifest = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    for (const parts of [[2], [1, 2], [1, 1, 1], undefined]) {
      writeFileSync(path, JSON.stringify({ ...manifest, parts }));
      const failure = await failureOf(() => openScorer(pack, runtime));
      expect(failure.message).toMatch(/its files do not fit its attributes/);
    }
  });
});

describe("the folder of a new pack", () => {
  const source = "stylegan2/rosinality-32.pt";
  const into = (name: string): Promise<unknown> =>
    importModel([fixturePath(source)], { folder: join(folder, name), runtime });

  it("takes the place of a pack, but of nothing else", async () => {
    await into("mine");
    await into("mine");
    writeFileSync(join(folder, "mine", "notes.txt"), "mine");
    expect((await failureOf(() => into("mine"))).message).toMatch(/holds notes\.txt as well/);
    expect(readdirSync(join(folder, "mine"))).toContain("notes.txt");
    writeFileSync(join(folder, "file"), "mine");
    expect((await failureOf(() => into("file"))).message).toMatch(/is a file; name a folder/);
  });
});
