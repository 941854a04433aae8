import { describe, expect, it } from "vitest";
import { openCheckpoint } from "../../../src/engine/checkpoints";
import { pgGanGenerator, recogniseGenerator, type ImportedGenerator } from "../../../src/engine/networks";
import { gradientName } from "../../../src/engine/onnx";
import { atBatch, difference, fixtureNumbers, meanSquares } from "../../support/networks";
import { runGraph } from "../../support/runGraph";
import { fixturePath } from "../../support/wavyPictures";

async function imported(name: string): Promise<ImportedGenerator> {
  const source = recogniseGenerator([await openCheckpoint(fixturePath(`pggan/${name}`))]);
  if (source === undefined) throw new Error(`${name} was not recognised`);
  return await source.load();
}

describe.each([
  { file: "interfacegan-16.pth", resolution: 16, z: 16, tensors: 18 },
  { file: "genforce-32.pth", resolution: 32, z: 20, tensors: 24 },
])("$file", ({ file, resolution, z, tensors }) => {
  it("says what it is, under one set of names", async () => {
    const generator = await imported(file);
    expect(generator).toMatchObject({
      architecture: "pggan",
      layout: "genforce",
      zDimension: z,
      wDimension: z,
      layers: 1,
      resolution,
      missing: [],
      noise: "absent",
    });
    expect(generator.average).toBeUndefined();
    expect(generator.weights.size).toBe(tensors);
    expect(generator.weights.has("layer0.conv.weight")).toBe(true);
  });

  it("draws and differentiates as PyTorch does", async () => {
    const { weights } = await imported(file);
    const expected = await fixtureNumbers(fixturePath(`pggan/${file}.expected.safetensors`));
    const { x } = await runGraph(atBatch(pgGanGenerator(weights), 2), { z: expected("z") });
    expect(difference(x, expected("x"))).toBeLessThan(1e-5);
    const results = await runGraph(meanSquares(pgGanGenerator(weights), ["z"]), {
      z: expected("z").subarray(0, z),
    });
    expect(difference(results[gradientName("loss", "z")], expected("gradient"))).toBeLessThan(1e-4);
  });
});

it("refuses a generator that was saved while it grew", async () => {
  await expect(imported("growing.pth")).rejects.toThrow(
    /growing\.pth was saved while it grew \(level of detail 1\.50\); use a checkpoint of the end/,
  );
});
