import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { openCheckpoint } from "../../../src/engine/checkpoints";
import {
  recogniseGenerator,
  styleGan1Mapping,
  styleGan1Noise,
  styleGan1Shape,
  styleGan1Synthesis,
  styleWeights,
  type ImportedGenerator,
} from "../../../src/engine/networks";
import { gradientName } from "../../../src/engine/onnx";
import { atBatch, difference, fixtureNumbers, meanSquares } from "../../support/networks";
import { runGraph } from "../../support/runGraph";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/stylegan1/${name}`, import.meta.url));

async function imported(...names: string[]): Promise<ImportedGenerator> {
  const files = await Promise.all(names.map((name) => openCheckpoint(fixture(name))));
  const source = recogniseGenerator(files);
  if (source === undefined) throw new Error("no generator was recognised");
  expect(source.architecture).toBe("stylegan1");
  const generator = await source.load();
  expect(generator.layout).toBe(source.layout);
  return generator;
}

/** Feeds of the noise inputs for n samples. */
function noiseFeeds({ weights }: ImportedGenerator, kind: string, n: number): Record<string, Float32Array> {
  return Object.fromEntries(
    styleGan1Noise(weights).map(({ input, stored }) => {
      const row = kind === "stored" ? stored : new Float32Array(stored.length);
      return [input, Float32Array.from(Array.from({ length: n }, () => [...row]).flat())];
    }),
  );
}

/** The pixels that the fixtures keep of pictures [n,3,S,S]. */
function onGrid(pictures: Float32Array | undefined, side: number, grid: Float32Array): Float32Array {
  const planes = (pictures?.length ?? 0) / side ** 2;
  const at = (plane: number, row: number, column: number): number =>
    pictures?.[(plane * side + row) * side + column] ?? NaN;
  return Float32Array.from(
    Array.from({ length: planes }, (_, plane) =>
      [...grid].flatMap((row) => [...grid].map((column) => at(plane, row, column))),
    ).flat(),
  );
}

/** w [n,W] as w+ [n,L,W], its first layers pulled to the average. */
function truncated(w: Float32Array, { layers, wDimension, average, psi }: ImportedGenerator): Float32Array {
  const result: number[] = [];
  for (let row = 0; row < w.length / wDimension; row++) {
    for (let layer = 0; layer < layers; layer++) {
      for (let i = 0; i < wDimension; i++) {
        const value = w[row * wDimension + i] ?? NaN;
        const mean = average?.[i] ?? NaN;
        result.push(layer < (psi.cutoff ?? layers) ? mean + psi.value * (value - mean) : value);
      }
    }
  }
  return Float32Array.from(result);
}

const LAYOUTS = [
  {
    size: 32,
    files: ["32.rfm.Gs_dict.pth", "32.rfm.Gm_dict.pth"],
    layout: "RFM / MTV-TSA",
    noise: "absent",
    cutoff: 4,
  },
  { size: 32, files: ["32.interfacegan.pth"], layout: "genforce", noise: "absent", cutoff: 8 },
  { size: 32, files: ["32.nvidia.pkl"], layout: "NVIDIA StyleGAN (TensorFlow)", noise: "stored", cutoff: 8 },
  {
    size: 128,
    files: ["128.rfm.center_tensor.pt", "128.rfm.Gm_dict.pth", "128.rfm.Gs_dict.pth"],
    layout: "RFM / MTV-TSA",
    noise: "absent",
    cutoff: 6,
  },
  { size: 128, files: ["128.interfacegan.pth"], layout: "genforce", noise: "stored", cutoff: 8 },
  { size: 128, files: ["128.genforce.pth"], layout: "genforce", noise: "absent", cutoff: 8 },
  {
    size: 128,
    files: ["128.nvidia.pkl"],
    layout: "NVIDIA StyleGAN (TensorFlow)",
    noise: "stored",
    cutoff: 8,
  },
];

describe.each(LAYOUTS)("StyleGAN1 of $size pixels in the layout $layout: $files", (published) => {
  const { size, files, layout, noise, cutoff } = published;
  let generator: ImportedGenerator;
  let expected: (name: string) => Float32Array;

  beforeAll(async () => {
    generator = await imported(...files);
    expected = await fixtureNumbers(fixture(`${size}.expected.safetensors`));
  });

  it("says what it is", () => {
    expect(generator).toMatchObject({
      architecture: "stylegan1",
      layout,
      noise,
      psi: { value: 0.7, cutoff },
      resolution: size,
      layers: size === 32 ? 8 : 12,
      zDimension: 10,
      wDimension: 12,
    });
    expect(styleGan1Shape(generator.weights).channels).toEqual(
      size === 32 ? [7, 7, 6, 6, 5, 5, 5, 5] : [6, 6, 6, 6, 5, 5, 4, 4, 4, 4, 4, 4],
    );
    expect(difference(generator.average, expected("average"))).toBeLessThan(1e-7);
    expect(generator.missing).toEqual(
      noise === "stored" ? [] : [expect.stringMatching("no noise pictures") as string],
    );
  });

  it("maps z to w", async () => {
    const { w } = await runGraph(atBatch(styleGan1Mapping(generator.weights), 2), { z: expected("z") });
    expect(difference(w, expected("w"))).toBeLessThan(1e-5);
  });

  it("draws two pictures at once, without noise and with what it stores", async () => {
    const synthesis = atBatch(styleGan1Synthesis(generator.weights), 2);
    for (const kind of noise === "stored" ? ["none", "stored"] : ["none"]) {
      const feeds = { w: expected("rows"), ...noiseFeeds(generator, kind, 2) };
      const { x } = await runGraph(synthesis, feeds);
      expect(difference(onGrid(x, size, expected("grid")), expected(`x.${kind}`))).toBeLessThan(1e-5);
    }
  });

  it("differentiates a loss with respect to w+", async () => {
    const graph = meanSquares(atBatch(styleGan1Synthesis(generator.weights), 1), ["w"]);
    const w = expected("rows").subarray(0, generator.layers * generator.wDimension);
    const results = await runGraph(graph, { w, ...noiseFeeds(generator, noise, 1) });
    const kind = noise === "stored" ? "stored" : "none";
    expect(difference(results["loss"], expected(`loss.${kind}`))).toBeLessThan(1e-5);
    expect(difference(results[gradientName("loss", "w")], expected(`gradient.${kind}`))).toBeLessThan(1e-4);
  });
});

describe("StyleGAN1 as a whole", () => {
  it("tells noise from none", async () => {
    const expected = await fixtureNumbers(fixture("128.expected.safetensors"));
    expect(difference(expected("x.none"), expected("x.stored"))).toBeGreaterThan(1e-2);
  });

  it("goes from z to a truncated picture", async () => {
    const generator = await imported("32.rfm.Gm_dict.pth", "32.rfm.Gs_dict.pth");
    const expected = await fixtureNumbers(fixture("32.expected.safetensors"));
    const { w } = await runGraph(atBatch(styleGan1Mapping(generator.weights), 2), { z: expected("z") });
    const { x } = await runGraph(atBatch(styleGan1Synthesis(generator.weights), 2), {
      w: truncated(w ?? new Float32Array(), generator),
      ...noiseFeeds(generator, "none", 2),
    });
    expect(difference(x, expected("x.z"))).toBeLessThan(1e-5);
  });

  it("reads fused kernels by their order of channels", async () => {
    const expected = await fixtureNumbers(fixture("128.uneven.expected.safetensors"));
    const generator = await imported(
      "128.uneven.rfm.Gs_dict.pth",
      "128.uneven.rfm.Gm_dict.pth",
      "128.uneven.rfm.center_tensor.pt",
    );
    const { x } = await runGraph(atBatch(styleGan1Synthesis(generator.weights), 2), {
      w: expected("rows"),
      ...noiseFeeds(generator, "none", 2),
    });
    expect(difference(onGrid(x, 128, expected("grid")), expected("x.none"))).toBeLessThan(1e-5);
  });

  it("has the same weights whatever the layout", async () => {
    const [first, ...others] = await Promise.all(
      LAYOUTS.filter(({ size }) => size === 128).map(({ files }) => imported(...files)),
    );
    for (const other of others) {
      for (const [name, { data, shape }] of first?.weights ?? []) {
        if (name.endsWith(".noise")) continue;
        expect(other.weights.get(name)?.shape, name).toEqual(shape);
        const numbers = other.weights.get(name)?.data;
        expect(
          difference(Float32Array.from(numbers ?? [], Number), Float32Array.from(data, Number)),
          name,
        ).toBeLessThan(1e-6);
      }
    }
  });

  it("gives the very same numbers in both layouts that keep raw numbers", async () => {
    const [genforce, nvidia] = await Promise.all([
      imported("128.interfacegan.pth"),
      imported("128.nvidia.pkl"),
    ]);
    expect([...nvidia.weights.keys()].sort()).toEqual([...genforce.weights.keys()].sort());
    for (const [name, tensor] of genforce.weights) expect(nvidia.weights.get(name), name).toEqual(tensor);
  });

  it("shows the weights of every layer's style to SeFa", async () => {
    const { weights } = await imported("32.nvidia.pkl");
    const found = styleWeights(styleGan1Synthesis(weights));
    expect(found.map(({ row, channels, dimension }) => [row, channels, dimension])).toEqual(
      [14, 14, 12, 12, 10, 10, 10, 10].map((channels, row) => [row, channels, 12]),
    );
  });
});

describe("parts of RFM's StyleGAN1 alone", () => {
  it("draws from w with the synthesis alone", async () => {
    const generator = await imported("128.rfm.Gs_dict.pth");
    expect(generator).toMatchObject({ zDimension: 0, wDimension: 12, layers: 12, resolution: 128 });
    expect(generator.average).toBeUndefined();
    expect(generator.missing).toEqual([
      expect.stringMatching("no mapping network"),
      expect.stringMatching("no average w"),
      expect.stringMatching("no noise pictures"),
    ]);
  });

  it("takes the average from the tensor beside it", async () => {
    const generator = await imported("128.rfm.Gs_dict.pth", "128.rfm.center_tensor.pt");
    expect(generator.missing.join()).not.toMatch("average");
    expect(generator.average).toHaveLength(12);
  });

  it("maps with the mapping alone", async () => {
    const generator = await imported("32.rfm.Gm_dict.pth");
    expect(generator).toMatchObject({ zDimension: 10, wDimension: 12, layers: 8, resolution: 32 });
    expect(generator.missing).toEqual([expect.stringMatching("no synthesis network")]);
    const bare = await imported("128.rfm.Gm_dict.pth");
    expect(bare).toMatchObject({ zDimension: 10, wDimension: 12, layers: 0, resolution: 0 });
  });

  it("refuses parts of different generators", async () => {
    await expect(imported("128.rfm.Gs_dict.pth", "32.rfm.Gm_dict.pth")).rejects.toThrow(
      /128\.rfm\.Gs_dict\.pth: The average w has 96 numbers where w has 12 and w\+ 12 rows/,
    );
  });

  it("recognises nothing in an average alone", async () => {
    expect(recogniseGenerator([await openCheckpoint(fixture("128.rfm.center_tensor.pt"))])).toBeUndefined();
  });
});
