import { describe, expect, it } from "vitest";
import {
  RFM_COEFFICIENTS,
  imageLoss,
  latentLoss,
  SharedNetworks,
  shrunkSize,
  structuralSimilarity,
  viewOf,
  type LossCoefficients,
} from "../../../src/engine/inversion";
import { GraphBuilder } from "../../../src/engine/onnx";
import { Random } from "../../support/random";
import { runGraph } from "../../support/runGraph";

describe("the views of RFM's losses", () => {
  it("lie where the published program cuts", () => {
    expect(viewOf("at1", [1024, 1024])).toEqual({ rows: [0, 1024], columns: [128, 896] });
    expect(viewOf("at2", [1024, 1024])).toEqual({ rows: [160, 864], columns: [160, 864] });
    expect(viewOf("at2", [64, 64])).toEqual({ rows: [10, 54], columns: [10, 54] });
    // As Python counts -20 // 8 from the end.
    expect(viewOf("at1", [20, 20])).toEqual({ rows: [0, 20], columns: [2, 17] });
  });

  it("are halved by their height", () => {
    expect(shrunkSize(viewOf("at1", [1024, 1024]))).toEqual([256, 192]);
    expect(shrunkSize(viewOf("at2", [1024, 1024]))).toEqual([176, 176]);
    expect(shrunkSize(viewOf("at2", [256, 256]))).toEqual([176, 176]);
  });
});

describe("structuralSimilarity", () => {
  const similarity = async (
    a: Float32Array,
    b: Float32Array,
    size: number,
    range: number,
  ): Promise<number> => {
    const builder = new GraphBuilder("similarity");
    const [first, second] = [builder.input("a", [1, 3, size, size]), builder.input("b", [1, 3, size, size])];
    builder.output("ssim", structuralSimilarity(first, second, range));
    return (await runGraph(builder.build(), { a, b }))["ssim"]?.[0] ?? NaN;
  };
  const noise = (size: number, seed: number): Float32Array => new Random(seed).normals(3 * size * size);

  it("is 1 for equal pictures and the same both ways", async () => {
    const [a, b] = [noise(20, 1), noise(20, 2)];
    expect(await similarity(a, a, 20, 1)).toBeCloseTo(1, 5);
    expect(await similarity(a, b, 20, 1)).toBeCloseTo(await similarity(b, a, 20, 1), 6);
  });

  it("depends on values and range only by their ratio", async () => {
    const [a, b] = [noise(20, 3), noise(20, 4)];
    const twice = (x: Float32Array): Float32Array => x.map((value) => 2 * value);
    expect(await similarity(twice(a), twice(b), 20, 2)).toBeCloseTo(await similarity(a, b, 20, 1), 5);
  });
});

describe("imageLoss", () => {
  const partsOf = async (
    size: number,
    target: Float32Array,
    x: Float32Array,
    coefficients: LossCoefficients,
  ): Promise<Record<string, number>> => {
    const builder = new GraphBuilder("loss");
    const shape = [1, 3, size, size];
    const values = [builder.input("target", shape), builder.input("x", shape)] as const;
    const { total, parts } = imageLoss(...values, coefficients, new SharedNetworks(builder), {});
    for (const [name, value] of Object.entries({ ...parts, total })) builder.output(name, value);
    const found = await runGraph(builder.build(), { target, x });
    return Object.fromEntries(Object.entries(found).map(([name, [value = NaN]]) => [name, value]));
  };
  /** Each pixel of a picture as a square of pixels. */
  const enlarged = (x: Float32Array, size: number, factor: number): Float32Array => {
    const side = size * factor;
    return Float32Array.from({ length: 3 * side * side }, (_, i) => {
      const [plane, row, column] = [Math.floor(i / side / side), Math.floor(i / side) % side, i % side];
      return x[(plane * size + Math.floor(row / factor)) * size + Math.floor(column / factor)] ?? NaN;
    });
  };

  it("sees structure at 256 pixels, however large the picture", async () => {
    const pictures = [new Random(5).normals(3 * 256 * 256), new Random(6).normals(3 * 256 * 256)] as const;
    const small = await partsOf(256, ...pictures, RFM_COEFFICIENTS);
    const [target, x] = [enlarged(pictures[0], 256, 2), enlarged(pictures[1], 256, 2)];
    const large = await partsOf(512, target, x, RFM_COEFFICIENTS);
    for (const part of ["mse", "kl", "cosine", "ssim"])
      expect(large[part]).toBeCloseTo(small[part] ?? NaN, 4);
  });

  it("is nothing for equal pictures, and leaves out what has no weight", async () => {
    const x = new Random(7).normals(3 * 32 * 32);
    const only: LossCoefficients = { ...RFM_COEFFICIENTS, kl: 0, cosine: 0, ssim: 0, at1: 0 };
    const equal = await partsOf(32, x, x, RFM_COEFFICIENTS);
    expect(Math.abs(equal["total"] ?? NaN)).toBeLessThan(1e-4);
    const found = await partsOf(
      32,
      x,
      x.map((value) => value + 1),
      only,
    );
    expect(Object.keys(found).sort()).toEqual(["at2", "mse", "total"]);
    expect(found["mse"]).toBeCloseTo(1, 4);
    expect(found["total"]).toBeCloseTo(5 + 0.625 * 5, 4);
  });

  it("wants at least one weight", async () => {
    const none: LossCoefficients = { ...RFM_COEFFICIENTS, mse: 0, kl: 0, cosine: 0, ssim: 0 };
    const x = new Float32Array(3 * 16 * 16);
    await expect(partsOf(16, x, x, none)).rejects.toThrow(/Every coefficient/);
  });
});

describe("latentLoss", () => {
  it("is the norm alone without an encoder, and nothing without a weight", async () => {
    const builder = new GraphBuilder("loss");
    const w = builder.input("w", [1, 2, 2]);
    const loss = latentLoss(w, undefined, RFM_COEFFICIENTS) ?? expect.fail("no loss");
    builder.output("loss", loss.total);
    const found = await runGraph(builder.build(), { w: Float32Array.of(3, 0, 0, 4) });
    expect(found["loss"]?.[0]).toBeCloseTo(0.005, 7);
    expect(latentLoss(w, undefined, { ...RFM_COEFFICIENTS, beta: 0 })).toBeUndefined();
  });
});
