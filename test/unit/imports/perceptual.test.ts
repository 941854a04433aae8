import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importModel, inspectFile, type ImportedModel } from "../../../src/engine/imports";
import { openPerceptual, type Perceptual } from "../../../src/engine/models";
import { gradient, gradientName } from "../../../src/engine/onnx";
import { openRuntime, type Runtime } from "../../../src/engine/runtime";
import { failureOf, temporaryFolder } from "../../support/folder";
import { difference, fixtureNumbers } from "../../support/networks";
import { runGraph } from "../../support/runGraph";
import { fixturePath, wavyPictures } from "../../support/wavyPictures";

const folder = temporaryFolder();
const HALVES = ["lpips/vgg16.pth", "lpips/vgg.pth"];
let runtime: Runtime;
let perceptual: Perceptual;

const into = (name: string, files: readonly string[]): Promise<ImportedModel> =>
  importModel(files.map(fixturePath), { folder: join(folder, name), runtime });

beforeAll(async () => {
  runtime = await openRuntime("cpu");
  await into("lpips", HALVES);
  perceptual = await openPerceptual(join(folder, "lpips"), runtime);
});
afterAll(async () => {
  await perceptual.dispose();
  await runtime.dispose();
});

describe("a pack of LPIPS", () => {
  it.each([
    [32, 32],
    [40, 35],
  ] as const)("measures pictures of %d x %d as PyTorch does", async (height, width) => {
    const expected = await fixtureNumbers(fixturePath("lpips/expected.safetensors"));
    const size = 3 * height * width;
    const [a, b] = [wavyPictures(0, 2, size), wavyPictures(5, 2, size)];
    const distances = await perceptual.distance(a, b, [height, width]);
    expect(difference(distances, expected(`distance.${height}`))).toBeLessThan(1e-5);

    const slope = gradient(await perceptual.graph([height, width]), "distance", ["a"]);
    const results = await runGraph(slope, { a: a.slice(0, size), b: b.slice(0, size) });
    expect(difference(results[gradientName("distance", "a")], expected(`gradient.${height}`))).toBeLessThan(
      1e-4,
    );
  });

  it("has the identity of its weights, from one file or from two", async () => {
    const [whole, halves] = [await into("whole", ["lpips/whole.pt"]), await into("lpips", HALVES)];
    expect(whole.kind).toBe("perceptual");
    expect(whole.sha256).toBe(halves.sha256);
  });

  it("refuses pictures that are too small or not equally many", async () => {
    expect((await failureOf(() => perceptual.graph([15, 32]))).message).toMatch(/too small for LPIPS/);
    const pictures = new Float32Array(3 * 32 ** 2);
    const failure = await failureOf(() => perceptual.distance(pictures, pictures.slice(3), [32, 32]));
    expect(failure.message).toMatch(/no equally many pictures/);
  });

  it("is refused where its file was changed or its manifest is another one's", async () => {
    const pack = join(folder, "changed");
    await into("changed", HALVES);
    const path = join(pack, "perceptual.onnx");
    const bytes = readFileSync(path);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const opened = await openPerceptual(pack, runtime);
    expect((await failureOf(() => opened.graph([32, 32]))).message).toMatch(
      /is not the file that model.json/,
    );
    const manifest = JSON.parse(readFileSync(join(pack, "model.json"), "utf8")) as Record<string, unknown>;
    writeFileSync(join(pack, "model.json"), JSON.stringify({ ...manifest, kind: "model" }));
    const failure = await failureOf(() => openPerceptual(pack, runtime));
    expect(failure.message).toMatch(/describes no perceptual distance/);
  });
});

describe("half of LPIPS", () => {
  it.each([
    ["lpips/vgg16.pth", /VGG16 without the weights of LPIPS/, /one half of LPIPS/],
    ["lpips/vgg.pth", /weights of LPIPS without VGG16/, /the other is torchvision's VGG16/],
  ])("%s asks for the other", async (file, sentence, guess) => {
    expect((await failureOf(() => into("half", [file]))).message).toMatch(sentence);
    expect((await inspectFile(fixturePath(file))).guess).toMatch(guess);
  });

  it("takes no file that is no part of it", async () => {
    const failure = await failureOf(() => into("half", [...HALVES, "stylegan1/64.rfm.center_tensor.pt"]));
    expect(failure.message).toMatch(/center_tensor\.pt holds no part/);
  });
});
