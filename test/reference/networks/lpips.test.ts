import { describe, expect, it } from "vitest";
import { openCheckpoint } from "../../../src/engine/checkpoints";
import { lpips, recogniseLpips, type Weights } from "../../../src/engine/networks";
import { gradient, gradientName, type Graph } from "../../../src/engine/onnx";
import { atBatch, difference, fixtureNumbers } from "../../support/networks";
import { runGraph } from "../../support/runGraph";
import { fixturePath, wavyPictures } from "../../support/wavyPictures";

async function weightsOf(...names: readonly string[]): Promise<Weights | undefined> {
  const files = await Promise.all(names.map((name) => openCheckpoint(fixturePath(`lpips/${name}`))));
  return await recogniseLpips(files)?.load();
}

async function graphOf(files: readonly string[], size: readonly [number, number]): Promise<Graph> {
  const weights = await weightsOf(...files);
  if (weights === undefined) throw new Error("LPIPS was not recognised");
  return lpips(weights, size);
}

describe.each([[["vgg16.pth", "vgg.pth"]], [["whole.pt"]]])("LPIPS out of %j", (files) => {
  it.each([
    [32, 32],
    [40, 35],
  ])("measures pictures of %d x %d as PyTorch does", async (height, width) => {
    const expected = (await fixtureNumbers(fixturePath("lpips/expected.safetensors")))(`distance.${height}`);
    const graph = await graphOf(files, [height, width]);
    const size = 3 * height * width;
    const { distance } = await runGraph(atBatch(graph, 2), {
      a: wavyPictures(0, 2, size),
      b: wavyPictures(5, 2, size),
    });
    expect(difference(distance, expected)).toBeLessThan(1e-5);
  });
});

describe("the derivative of LPIPS", () => {
  it.each([
    [32, 32],
    [40, 35],
  ])("is PyTorch's at %d x %d", async (height, width) => {
    const expected = (await fixtureNumbers(fixturePath("lpips/expected.safetensors")))(`gradient.${height}`);
    const size = 3 * height * width;
    const graph = gradient(await graphOf(["whole.pt"], [height, width]), "distance", ["a"]);
    const results = await runGraph(graph, { a: wavyPictures(0, 1, size), b: wavyPictures(5, 1, size) });
    expect(difference(results[gradientName("distance", "a")], expected)).toBeLessThan(1e-4);
  });

  it("is zero and no NaN between equal pictures, and finite where features are empty", async () => {
    const graph = gradient(await graphOf(["whole.pt"], [32, 32]), "distance", ["a"]);
    const x = wavyPictures(0, 1, 3 * 32 ** 2);
    const equal = await runGraph(graph, { a: x, b: x });
    expect(equal["distance"]?.[0]).toBe(0);
    expect(equal[gradientName("distance", "a")]?.every((slope) => slope === 0)).toBe(true);
    const flat = await runGraph(graph, { a: new Float32Array(x.length).fill(-60), b: x });
    expect(flat[gradientName("distance", "a")]?.every(Number.isFinite)).toBe(true);
  });
});

it("is nothing where half of it is missing", async () => {
  expect(await weightsOf("vgg16.pth")).toBeUndefined();
  expect(await weightsOf("vgg.pth")).toBeUndefined();
});
