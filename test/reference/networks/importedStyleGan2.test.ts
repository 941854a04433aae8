import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openCheckpoint } from "../../../src/engine/checkpoints";
import {
  recogniseGenerator,
  styleGan2Mapping,
  styleGan2Noise,
  styleGan2Synthesis,
  type ImportedGenerator,
} from "../../../src/engine/networks";
import { atBatch, difference, fixtureNumbers } from "../../support/networks";
import { runGraph } from "../../support/runGraph";
import { fixturePath } from "../../support/wavyPictures";

async function imported(name: string): Promise<ImportedGenerator> {
  const source = recogniseGenerator([await openCheckpoint(fixturePath(`stylegan2/${name}`))]);
  if (source === undefined) throw new Error(`${name} was not recognised`);
  expect(source.architecture).toBe("stylegan2");
  return await source.load();
}

interface Case {
  readonly file: string;
  readonly layout: string;
  readonly resolution: number;
  readonly z: number;
  readonly w: number;
  /** Numbers of the average, where the file has one. */
  readonly average?: number;
}

const CASES: readonly Case[] = [
  { file: "genforce-16.pth", layout: "genforce", resolution: 16, z: 16, w: 24, average: 24 },
  { file: "genforce-32.pth", layout: "genforce", resolution: 32, z: 20, w: 18, average: 18 },
  { file: "rosinality-16.pt", layout: "rosinality", resolution: 16, z: 16, w: 24 },
  { file: "rosinality-32.pt", layout: "rosinality", resolution: 32, z: 20, w: 20, average: 20 },
  { file: "e4e-16.pt", layout: "rosinality", resolution: 16, z: 24, w: 24, average: 6 * 24 },
  {
    file: "tensorflow-16.pkl",
    layout: "NVIDIA StyleGAN2 (TensorFlow)",
    resolution: 16,
    z: 16,
    w: 24,
    average: 24,
  },
  {
    file: "tensorflow-32.pkl",
    layout: "NVIDIA StyleGAN2 (TensorFlow)",
    resolution: 32,
    z: 20,
    w: 18,
    average: 18,
  },
  {
    file: "ada-16.pkl",
    layout: "NVIDIA StyleGAN2-ADA (PyTorch)",
    resolution: 16,
    z: 16,
    w: 24,
    average: 24,
  },
  {
    file: "ada-32.pkl",
    layout: "NVIDIA StyleGAN2-ADA (PyTorch)",
    resolution: 32,
    z: 20,
    w: 18,
    average: 18,
  },
];

describe.each(CASES)("$file", ({ file, layout, resolution, z, w, average }) => {
  it("says what it is", async () => {
    const generator = await imported(file);
    expect(generator).toMatchObject({
      architecture: "stylegan2",
      layout,
      psi: { value: 1, cutoff: null },
      zDimension: z,
      wDimension: w,
      layers: 2 * Math.log2(resolution) - 2,
      resolution,
      noise: "stored",
    });
    const expected = await fixtureNumbers(fixturePath(`stylegan2/${file}.expected.safetensors`));
    expect(generator.average).toEqual(average === undefined ? undefined : expected("average"));
    expect(generator.average?.length).toBe(average);
    expect(generator.weights.has("truncation.w_avg")).toBe(average !== undefined);
    expect(generator.missing).toEqual(
      average === undefined ? [expect.stringMatching(/no average w.*10,000 seeds/)] : [],
    );
  });

  it("maps and draws as its own code does, noise included", async () => {
    const { weights } = await imported(file);
    const expected = await fixtureNumbers(fixturePath(`stylegan2/${file}.expected.safetensors`));
    const mapped = await runGraph(atBatch(styleGan2Mapping(weights), 2), { z: expected("z") });
    expect(difference(mapped["w"], expected("w"))).toBeLessThan(1e-5);
    const noise = styleGan2Noise(weights).map(({ input, stored }) => [
      input,
      Float32Array.from([...stored, ...stored]),
    ]);
    expect(noise).toHaveLength(2 * Math.log2(resolution) - 3);
    const drawn = await runGraph(atBatch(styleGan2Synthesis(weights), 2), {
      w: expected("rows"),
      ...(Object.fromEntries(noise) as Record<string, Float32Array>),
    });
    expect(difference(drawn["x"], expected("x"))).toBeLessThan(1e-5);
  });
});

describe("wirings that cannot be built", () => {
  const SENTENCES: Readonly<Record<string, RegExp>> = {
    labels: /^\S+ is a generator of labelled classes; use one without labels\.$/,
    resnet: /^\S+ has the residual wiring of StyleGAN2; /,
    orig: /^\S+ has no picture at every resolution; /,
    lods: /^\S+ turns features into a picture once for each level of detail; /,
    stylegan3: /^\S+ is a StyleGAN3, which is not built here; /,
    filter: /^\S+ smooths with another filter than \[1,3,3,1\]|^\S+ smooths with the filter \[1,2,1\]; /,
  };

  it.each(readdirSync(fixturePath("stylegan2/refused")))("%s is refused by a sentence", async (name) => {
    const kind = /-(\w+)\./.exec(name)?.[1] ?? "";
    await expect(imported(`refused/${name}`)).rejects.toThrow(SENTENCES[kind]);
  });
});
