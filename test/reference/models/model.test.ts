import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAll, readSafetensors, toFloat32 } from "../../../src/engine/checkpoints";
import { buildPack, openModel, openPack, type Model } from "../../../src/engine/models";
import { gradient, gradientName, GraphBuilder, reduceMean, square } from "../../../src/engine/onnx";
import { openRuntime, type Runtime } from "../../../src/engine/runtime";
import { seedsToZ } from "../../../src/engine/latents";
import { temporaryFolder } from "../../support/folder";
import { Random } from "../../support/random";
import { writeSmallSource } from "../../support/smallModel";

const repository = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

async function numbers(name: string): Promise<(tensor: string) => Float32Array> {
  const tensors = await readAll(await readSafetensors(repository(`test/fixtures/networks/${name}.safetensors`)));
  return (key) => {
    const tensor = tensors.get(key);
    if (tensor === undefined) throw new Error(`the fixture has no ${key}`);
    return toFloat32(tensor);
  };
}

function largestDifference(actual: Float32Array, expected: Float32Array): number {
  expect(actual).toHaveLength(expected.length);
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (actual[i] ?? NaN))), 0);
}

const base = temporaryFolder();
let runtime: Runtime;

beforeAll(async () => {
  runtime = await openRuntime("cpu");
});

afterAll(async () => {
  await runtime.dispose();
});

describe("the embedded model, as its pack runs it", () => {
  let model: Model;
  let expected: (name: string) => Float32Array;

  beforeAll(async () => {
    const folder = join(base, "demo");
    await buildPack(repository("models/demo"), folder, "test");
    model = await openModel(await openPack(folder), runtime);
    expected = await numbers("embedded.expected");
  });

  it("takes everything from source.json and the weights", async () => {
    const source = JSON.parse(await readFile(repository("models/demo/source.json"), "utf8")) as object;
    expect(source).toMatchObject({ name: model.name, psi: model.psi, alignment: model.alignment });
    expect(model).toMatchObject({ resolution: 64, layers: 10, wDimension: 512, zDimension: 512 });
    expect(model).toMatchObject({ hasEncoder: true, hasNoise: false });
  });

  it("keeps its identity, which latents and directions refer to", () => {
    expect(model.sha256).toBe("499e44584721b4f8aea12ce1468be5bcf778363c1d050da56f679150c9f5d5d6");
  });

  it("draws the faces of seeds as PyTorch does, to 1e-3", async () => {
    const w = await model.map(seedsToZ([0, 1, 42]));
    const rows = expected("rows");
    for (let i = 0; i < 3; i++) {
      for (let layer = 0; layer < 10; layer++) {
        const at = (i * 10 + layer) * 512;
        expect(largestDifference(w.subarray(at, at + 512), rows.subarray(i * 512, (i + 1) * 512))).toBeLessThan(1e-3);
      }
    }
    expect(largestDifference(await model.synthesize(w), expected("x"))).toBeLessThan(1e-3);
  });

  it("encodes a picture to w+, all rows alike and not truncated", async () => {
    const w = await model.encode(expected("x").subarray(0, model.pictureSize));
    const direct = await model.map(expected("code").slice(0, 512), { psi: 1, cutoff: null });
    expect(largestDifference(w, direct)).toBeLessThan(1e-3);
  });

  it("gives a graph to build losses on", async () => {
    const synthesis = await model.synthesisGraph();
    const builder = new GraphBuilder("loss");
    const { x } = builder.inline(synthesis, { w: builder.input("w", [1, 10, 512]) });
    if (x === undefined) throw new Error("no picture");
    builder.output("loss", reduceMean(square(x)));
    const session = await runtime.compile(gradient(builder.build(), "loss", ["w"]));
    const w = Float32Array.from({ length: 5120 }, (_, i) => expected("rows")[i % 512] ?? 0);
    const results = await session.run({ w });
    const derivative = results[gradientName("loss", "w")] ?? new Float32Array(0);
    const scale = expected("gradient").reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    expect(largestDifference(derivative, expected("gradient")) / scale).toBeLessThan(1e-3);
  });
});

describe("a small model with noise", () => {
  let model: Model;
  let expected: (name: string) => Float32Array;

  beforeAll(async () => {
    const source = join(base, "source");
    await mkdir(source);
    await writeSmallSource(source);
    const folder = join(base, "small");
    await buildPack(source, folder, "test");
    model = await openModel(await openPack(folder), runtime);
    expected = await numbers("small.expected");
  });

  it.each(["none", "stored"] as const)("draws with noise: %s", async (noise) => {
    const x = await model.synthesize(expected("rows"), 2, { noise });
    expect(largestDifference(x, expected(`x.${noise}`))).toBeLessThan(1e-3);
  });

  it("uses the stored noise unless told otherwise", async () => {
    expect(await model.synthesize(expected("rows"))).toEqual(
      await model.synthesize(expected("rows"), 2, { noise: "stored" }),
    );
  });

  it("draws noise from a seed, the same for every picture of the call", async () => {
    const w = expected("rows").slice(0, model.codeSize);
    const one = await model.synthesize(w, 1, { noise: 3 });
    const two = await model.synthesize(Float32Array.of(...w, ...w), 2, { noise: 3 });
    expect(largestDifference(two.subarray(0, one.length), one)).toBeLessThan(1e-5);
    expect(largestDifference(two.subarray(one.length), one)).toBeLessThan(1e-5);
    expect(largestDifference(await model.synthesize(w, 1, { noise: 4 }), one)).toBeGreaterThan(1e-2);
    await expect(model.synthesize(w, 1, { noise: 0.5 })).rejects.toThrow(/0\.5 is no seed/);
  });

  it("binds noise to constants in the graph for losses", async () => {
    for (const noise of ["none", "stored"] as const) {
      const graph = await model.synthesisGraph(2, noise);
      expect([...graph.inputs.keys()]).toEqual(["w"]);
      const session = await runtime.compile(graph);
      const { x } = await session.run({ w: expected("rows") });
      expect(largestDifference(x ?? new Float32Array(0), expected(`x.${noise}`))).toBeLessThan(1e-3);
    }
  });

  it("computes many rows in batches, each as if alone", async () => {
    const n = 21;
    const w = new Random(9).normals(n * model.codeSize);
    const all = await model.synthesize(w, n);
    for (const i of [0, 7, 8, 19, 20]) {
      const one = await model.synthesize(w.slice(i * model.codeSize, (i + 1) * model.codeSize), 1);
      expect(largestDifference(all.subarray(i * model.pictureSize, (i + 1) * model.pictureSize), one)).toBeLessThan(1e-4);
    }
  });

  it("draws the same after a rest, and while it is sent to rest", async () => {
    const w = new Random(10).normals(5 * model.codeSize);
    const before = await model.synthesize(w, 5);
    await model.rest();
    const during = [model.synthesize(w, 5), model.rest(), model.synthesize(w, 5), model.rest()] as const;
    const [first, , second] = await Promise.all(during);
    expect(first).toEqual(before);
    expect(second).toEqual(before);
  });

  it("computes nothing from nothing", async () => {
    expect(await model.map(new Float32Array(0))).toHaveLength(0);
    expect(await model.synthesize(new Float32Array(0))).toHaveLength(0);
  });

  it("refuses arrays of another model", async () => {
    await expect(model.map(new Float32Array(17))).rejects.toThrow(/17 numbers are no z of the model small, which takes 16/);
    await expect(model.synthesize(new Float32Array(24))).rejects.toThrow(/24 numbers are no w\+ of the model small/);
    await expect(model.encode(new Float32Array(9))).rejects.toThrow(/9 numbers are no pictures/);
  });

  it("can be cancelled", async () => {
    const signal = AbortSignal.abort();
    await expect(model.map(seedsToZ([1], 16), { signal })).rejects.toThrow("Cancelled.");
  });
});
