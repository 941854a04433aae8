import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { readAll, readSafetensors, toFloat32 } from "../../../src/engine/checkpoints";
import {
  linearEncoder,
  styleGan2Mapping,
  styleGan2Noise,
  styleGan2Shape,
  styleGan2Synthesis,
  weightsFrom,
  type Weights,
} from "../../../src/engine/networks";
import {
  gradient,
  gradientName,
  GraphBuilder,
  readModel,
  reduceMean,
  square,
  writeModel,
  type Graph,
} from "../../../src/engine/onnx";
import { runGraph } from "../../support/runGraph";

const repository = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const fixture = (name: string): string => repository(`test/fixtures/networks/${name}.safetensors`);

async function weights(path: string): Promise<Weights> {
  return weightsFrom(await readAll(await readSafetensors(path)));
}

async function numbers(path: string): Promise<(name: string) => Float32Array> {
  const tensors = await readAll(await readSafetensors(path));
  return (name) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`the fixture has no ${name}`);
    return toFloat32(tensor);
  };
}

/** The graph as an ONNX file would give it back at this batch size. */
function atBatch(graph: Graph, batch: number): Graph {
  return readModel(writeModel(graph, { batch: "N" }), { N: batch });
}

/** Largest difference relative to the largest number expected. */
function difference(actual: Float32Array | undefined, expected: Float32Array): number {
  expect(actual).toHaveLength(expected.length);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return (
    expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (actual?.[i] ?? NaN))), 0) / scale
  );
}

/** mean(x^2) of one picture and its derivative with respect to w. */
function lossAndGradient(synthesis: Graph): Graph {
  const builder = new GraphBuilder("loss");
  const inputs = [...synthesis.inputs].map(
    ([name, { shape }]) => [name, builder.input(name, shape)] as const,
  );
  const { x } = builder.inline(synthesis, Object.fromEntries(inputs));
  if (x === undefined) throw new Error("the graph has no picture");
  builder.output("loss", reduceMean(square(x)));
  return gradient(builder.build(), "loss", ["w"]);
}

function repeatRows(w: Float32Array, dimension: number, layers: number): Float32Array {
  const rows = Array.from({ length: w.length / dimension }, (_, i) =>
    w.subarray(i * dimension, (i + 1) * dimension),
  );
  return Float32Array.from(rows.flatMap((row) => Array.from({ length: layers }, () => [...row]).flat()));
}

describe("the embedded model against PyTorch", () => {
  let generator: Weights;
  let encoder: Weights;
  let expected: (name: string) => Float32Array;
  let rows: Float32Array;

  beforeAll(async () => {
    generator = await weights(repository("models/demo/generator.safetensors"));
    encoder = await weights(repository("models/demo/encoder.safetensors"));
    expected = await numbers(fixture("embedded.expected"));
    rows = repeatRows(expected("rows"), 512, 10);
  });

  it("maps z to w", async () => {
    const { w } = await runGraph(atBatch(styleGan2Mapping(generator), 3), { z: expected("z") });
    expect(difference(w, expected("w"))).toBeLessThan(1e-4);
  });

  it("draws three faces at once", async () => {
    const synthesis = styleGan2Synthesis(generator);
    const { x } = await runGraph(atBatch(synthesis, 3), { w: rows });
    expect(difference(x, expected("x"))).toBeLessThan(1e-4);
  });

  it("differentiates a loss with respect to w+", async () => {
    const graph = lossAndGradient(atBatch(styleGan2Synthesis(generator), 1));
    const results = await runGraph(graph, { w: rows.subarray(0, 5120) });
    expect(difference(results["loss"], expected("loss"))).toBeLessThan(1e-4);
    expect(difference(results[gradientName("loss", "w")], expected("gradient"))).toBeLessThan(1e-3);
  });

  it("has no noise inputs, for its strengths are zero", () => {
    expect(styleGan2Noise(generator)).toEqual([]);
    expect([...styleGan2Synthesis(generator).inputs.keys()]).toEqual(["w"]);
  });

  it("encodes pictures", async () => {
    const { z } = await runGraph(atBatch(linearEncoder(encoder, 64), 3), { x: expected("x") });
    expect(difference(z, expected("code"))).toBeLessThan(1e-4);
  });

  it("keeps its float16 weights in the file", () => {
    const bytes = writeModel(styleGan2Synthesis(generator)).length;
    const parameters = [...generator].filter(([name]) => name.startsWith("synthesis."));
    const count = parameters.reduce((sum, [, { data }]) => sum + data.length, 0);
    expect(bytes).toBeLessThan(2.1 * count);
  });
});

describe("a small StyleGAN2 of other sizes against PyTorch", () => {
  let small: Weights;
  let expected: (name: string) => Float32Array;

  beforeAll(async () => {
    small = await weights(fixture("small"));
    expected = await numbers(fixture("small.expected"));
  });

  it("takes every size from the weights", () => {
    expect(styleGan2Shape(small)).toEqual({
      resolution: 16,
      layers: 6,
      zDimension: 16,
      wDimension: 24,
      channels: [7, 7, 5, 6, 4, 3],
    });
  });

  it("maps z to w", async () => {
    const { w } = await runGraph(atBatch(styleGan2Mapping(small), 2), { z: expected("z") });
    expect(difference(w, expected("w"))).toBeLessThan(1e-5);
  });

  /** Feeds of the noise inputs for n samples. */
  function noiseFeeds(kind: "none" | "stored", n: number): Record<string, Float32Array> {
    return Object.fromEntries(
      styleGan2Noise(small).map(({ input, stored }) => {
        const one = kind === "stored" ? [...stored] : new Array<number>(stored.length).fill(0);
        return [input, Float32Array.from(Array.from({ length: n }, () => one).flat())];
      }),
    );
  }

  it.each(["none", "stored"] as const)("draws and differentiates with noise: %s", async (kind) => {
    const synthesis = styleGan2Synthesis(small);
    const { x } = await runGraph(atBatch(synthesis, 2), { w: expected("rows"), ...noiseFeeds(kind, 2) });
    expect(difference(x, expected(`x.${kind}`))).toBeLessThan(1e-5);
    const results = await runGraph(lossAndGradient(atBatch(synthesis, 1)), {
      w: expected("rows").subarray(0, 6 * 24),
      ...noiseFeeds(kind, 1),
    });
    expect(difference(results["loss"], expected(`loss.${kind}`))).toBeLessThan(1e-5);
    expect(difference(results[gradientName("loss", "w")], expected(`gradient.${kind}`))).toBeLessThan(1e-4);
  });

  it("tells noise from none", () => {
    expect(difference(expected("x.none"), expected("x.stored"))).toBeGreaterThan(1e-2);
  });
});
