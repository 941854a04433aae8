import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importModel, inspectFile, type OnnxChoices } from "../../../src/engine/imports";
import { seedsToZ } from "../../../src/engine/latents";
import { openModel, openPack, type Model } from "../../../src/engine/models";
import { gradient, gradientName, GraphBuilder, reduceMean, square } from "../../../src/engine/onnx";
import { openRuntime, type Runtime } from "../../../src/engine/runtime";
import { failureOf, temporaryFolder } from "../../support/folder";
import { difference, fixtureNumbers } from "../../support/networks";
import { runGraph } from "../../support/runGraph";
import { fixturePath } from "../../support/wavyPictures";

const folder = temporaryFolder();
let runtime: Runtime;
let expected: (name: string) => Float32Array;
const opened: Model[] = [];

beforeAll(async () => {
  runtime = await openRuntime("cpu");
  expected = await fixtureNumbers(fixturePath("imports/onnx/expected.safetensors"));
});
afterAll(async () => {
  await Promise.all(opened.map((model) => model.dispose()));
  await runtime.dispose();
});

let count = 0;
async function imported(
  files: readonly string[],
  onnx: OnnxChoices = {},
): Promise<{ model: Model; missing: readonly string[] }> {
  const pack = join(folder, `pack-${count++}`);
  const paths = files.map((name) => fixturePath(name.includes("/") ? name : `imports/onnx/${name}`));
  const { missing } = await importModel(paths, { folder: pack, runtime, onnx });
  const model = await openModel(await openPack(pack), runtime);
  opened.push(model);
  return { model, missing };
}

describe("a generator in ONNX", () => {
  it.each(["mapping.onnx", "mapping.rows.onnx"])("of w+ with %s draws as PyTorch does", async (mapping) => {
    const { model, missing } = await imported([mapping, "synthesis.onnx"]);
    expect(missing).toEqual([]);
    expect(model).toMatchObject({ space: "w+", layers: 5, wDimension: 8, zDimension: 6, resolution: 32 });
    expect(difference(await model.synthesize(expected("ws")), expected("plus"))).toBeLessThan(1e-5);
    const w = await model.map(expected("z"));
    expect(difference(await model.synthesize(w), expected("seeded"))).toBeLessThan(1e-5);
    // The average is of seeds: near that of a thousand others.
    const others = await model.map(
      seedsToZ(
        Array.from({ length: 1000 }, (_, i) => 20_000 + i),
        6,
      ),
    );
    const mean = model.average.map(
      (_, i) => others.filter((_value, at) => at % 40 === i).reduce((a, b) => a + b, 0) / 1000,
    );
    expect(Math.hypot(...model.average.map((value, i) => value - (mean[i] ?? NaN)))).toBeLessThan(0.1);
  });

  it("of w+ has the derivative that differences tell", async () => {
    const { model } = await imported(["synthesis.onnx"]);
    const builder = GraphBuilder.from({ ...(await model.synthesisGraph()), outputs: [] });
    builder.output("loss", reduceMean(square(builder.value("x")), undefined, false));
    const graph = gradient(builder.build(), "loss", ["w"]);
    const w = expected("ws").slice(0, model.codeSize);
    const slope = (await runGraph(graph, { w }))[gradientName("loss", "w")] ?? new Float32Array(0);
    const along = slope.map((value) => value / Math.hypot(...slope));
    const lossAt = async (step: number): Promise<number> => {
      const results = await runGraph(graph, { w: w.map((value, i) => value + step * (along[i] ?? 0)) });
      return results["loss"]?.[0] ?? NaN;
    };
    const measured = ((await lossAt(0.01)) - (await lossAt(-0.01))) / 0.02;
    expect(measured / Math.hypot(...slope)).toBeCloseTo(1, 2);
  });

  it("that takes one code at a time is run so, and its pictures are brought to [-1,1]", async () => {
    const { model, missing } = await imported(["mapping.onnx", "single.onnx"], { range: [0, 1] });
    expect(model).toMatchObject({ layers: 1, wDimension: 8, space: "w+" });
    expect(missing.join(" ")).toMatch(/one code at a time/);
    const w = await model.map(expected("z"));
    expect(difference(w, expected("w"))).toBeLessThan(1e-5);
    expect(difference(await model.synthesize(w), expected("single"))).toBeLessThan(1e-5);
    expect((await failureOf(() => model.synthesisGraph(2))).message).toMatch(/one picture at a time/);
    expect((await model.synthesisGraph(1)).outputs).toEqual(["x"]);
  });

  it("between 0 and 1 says that its range is unusual where nobody named it", async () => {
    const { missing } = await imported(["mapping.onnx", "single.onnx"]);
    expect(missing.join(" ")).toMatch(/unusual for the range -1:1; name another by --range/);
  });

  it("of z is edited in z, whatever its borders are called", async () => {
    const { model } = await imported(["whole.onnx"]);
    expect(model).toMatchObject({ space: "z", layers: 1, zDimension: 6, hasMapping: true });
    const x = await model.synthesize(await model.map(expected("z")));
    expect(difference(x, expected("seeded"))).toBeLessThan(1e-5);
  });

  it("without a mapping says that seeds give nothing", async () => {
    const { model, missing } = await imported(["synthesis.onnx"]);
    expect(missing.join(" ")).toMatch(/no mapping network/);
    expect(model.hasMapping).toBe(false);
  });

  it("with an operator that has no derivative here draws, and says which it is", async () => {
    const { model, missing } = await imported(["wave.onnx"]);
    expect(missing.join(" ")).toMatch(/cannot be inverted with it.*operator Sin/);
    expect(difference(await model.synthesize(expected("ws")), expected("wave"))).toBeLessThan(1e-5);
  });

  it("of several pictures gives the largest, or the one that is named", async () => {
    expect((await imported(["several.onnx"])).model.resolution).toBe(32);
    expect((await imported(["several.onnx"], { pictureOutput: "small" })).model.resolution).toBe(16);
  });

  it("has the identity of its files, its range and its space", async () => {
    const [one, same, other] = [
      await imported(["synthesis.onnx"]),
      await imported(["synthesis.onnx"]),
      await imported(["synthesis.onnx"], { range: [0, 1] }),
    ];
    expect(one.model.sha256).toBe(same.model.sha256);
    expect(one.model.sha256).not.toBe(other.model.sha256);
  });
});

describe("ONNX files that are no generator", () => {
  it.each<[readonly string[], OnnxChoices, RegExp]>([
    [["outside.onnx"], {}, /outside\.onnx keeps its weights in another file, which is not supported/],
    [["mapping.onnx"], {}, /draws no pictures .* \(z \[n,6\] -> w \[n,8\]\)/],
    [["synthesis.onnx", "whole.onnx"], {}, /one file too many/],
    [["several.onnx"], { pictureOutput: "mean" }, /draws no pictures/],
    [["synthesis.onnx"], { codeInput: "z" }, /has no input z; its inputs are ws/],
    [["mapping.onnx", "synthesis.onnx"], { space: "z" }, /leave the mapping out/],
    [["synthesis.onnx", "stylegan2/rosinality-64.pt"], {}, /no part of a generator in ONNX/],
  ])("%j are refused: %j", async (files, choices, sentence) => {
    const failure = await failureOf(() => imported(files, choices));
    expect(failure.message).toMatch(sentence);
    expect(failure.message).toMatch(/^[^\n]+\.$/);
    expect(readdirSync(folder).some((name) => name.startsWith("."))).toBe(false);
  });

  it("are described", async () => {
    const { guess } = await inspectFile(fixturePath("imports/onnx/synthesis.onnx"));
    expect(guess).toBe("A network in ONNX that draws pictures: ws [n,5,8] -> image [n,3,n,n].");
  });
});
