import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  applyEdits,
  componentDocument,
  componentPrefix,
  describeChange,
  directionStrips,
  discover,
  editAlong,
  openDescriber,
  type DiscoverChoices,
} from "../../../src/engine/directions";
import { parseDocument, serialiseDocument, type DirectionDocument } from "../../../src/engine/files";
import type { Scorer } from "../../../src/engine/labels";
import { seedsToZ } from "../../../src/engine/latents";
import { buildPack, openModel, openPack, type Model } from "../../../src/engine/models";
import { openRuntime, type Runtime } from "../../../src/engine/runtime";
import { failureOf, temporaryFolder } from "../../support/folder";
import { writeSmallSource } from "../../support/smallModel";

const folder = temporaryFolder();
const RUN = { createdAt: "2024-01-01T00:00:00.000Z", version: "0" };
let runtime: Runtime;
let model: Model;

beforeAll(async () => {
  runtime = await openRuntime("cpu");
  await writeSmallSource(folder);
  await buildPack(folder, join(folder, "pack"), "test");
  model = await openModel(await openPack(join(folder, "pack")), runtime);
});

afterAll(async () => {
  await runtime.dispose();
});

async function documents(choices: DiscoverChoices): Promise<DirectionDocument[]> {
  const discovery = await discover(model, choices);
  return discovery.components.map((_, index) => componentDocument(model, discovery, index, RUN));
}

describe("discover", () => {
  it("tells its progress, and gives the same every time", async () => {
    const told: string[] = [];
    const choices = { method: "pca", samples: 1200, count: 3 } as const;
    const first = await discover(model, choices, {
      onProgress: ({ phase, done, total }) => told.push(`${phase} ${done}/${total}`),
    });
    expect(told).toEqual(["analyse codes 512/1200", "analyse codes 1024/1200", "analyse codes 1200/1200"]);
    expect(await discover(model, choices)).toEqual(first);
    const other = await discover(model, { ...choices, seed: 5000 });
    expect(other.components[0]?.value).not.toBe(first.components[0]?.value);
  });

  it("takes ten components, or as many as there are", async () => {
    expect((await discover(model, { method: "sefa", samples: 2 })).components).toHaveLength(10);
    expect((await discover(model, { method: "pca", samples: 5 })).components).toHaveLength(4);
    expect((await discover(model, { method: "sefa", samples: 2, layers: [5, 6] })).components).toHaveLength(
      3,
    );
  });

  it.each<[DiscoverChoices, string]>([
    [{ method: "sefa", layers: [0, 7] }, "The layers 0:7 are not in the model small, which has 0:6"],
    [{ method: "pca", layers: [3, 3] }, "The layers 3:3 are not in"],
    [{ method: "sefa", count: 25 }, "25 components cannot be found, for w of the model small has 24"],
    [{ method: "sefa", count: 4, layers: [5, 6] }, "the style of the layers 5:6 has 3"],
    [{ method: "sefa", count: 0 }, "0 components cannot be found"],
    [{ method: "pca", samples: 5, count: 5 }, "a set of 5 samples has 4; ask for 1 to 4"],
    [{ method: "pca", samples: 1 }, "1 samples cannot be analysed"],
    [{ method: "pca", samples: 1e9 }, "from 2 to 10000000"],
  ])("refuses %j", async (choices, said) => {
    expect(await failureOf(() => discover(model, choices))).toMatchObject({ code: "usage" });
    await expect(discover(model, choices)).rejects.toThrow(said);
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    const work = discover(
      model,
      { method: "pca", samples: 100_000 },
      {
        signal: stop.signal,
        onProgress: () => {
          stop.abort();
        },
      },
    );
    expect((await failureOf(() => work)).name).toBe("CancelledError");
  });
});

describe("componentDocument", () => {
  it("is a valid direction that says where it comes from", async () => {
    const [first] = await documents({ method: "sefa", layers: [0, 4], count: 2, samples: 100 });
    if (first === undefined) throw new Error("nothing found");
    const read = parseDocument(serialiseDocument(first), "direction", "first");
    expect(read).toMatchObject({
      attribute: "sefa-0-4-00",
      space: "w",
      shape: [24],
      layers: [0, 4],
      discovery: { method: "sefa", component: 0, layers: [0, 4] },
    });
    expect(Math.hypot(...(read.vector as number[]))).toBeCloseTo(1, 6);
    expect(read.sigma).toBeGreaterThan(0);
  });

  it("names components by what they were found in", async () => {
    const pca = await discover(model, { method: "pca", samples: 30, count: 3 });
    expect(componentPrefix(pca, 6)).toBe("pca");
    expect(componentDocument(model, pca, 2, RUN)).toMatchObject({
      attribute: "pca-02",
      layers: [0, 6],
      discovery: { samples: 30 },
    });
    expect(() => componentDocument(model, pca, 3, RUN)).toThrow("no component 3 among 3");
  });
});

/** Scores: the mean of the red plane, its negative with another unit, nothing ever, and no number at all. */
const SCORER: Scorer = {
  name: "plain",
  sha256: "0".repeat(64),
  attributes: ["red", "pale", "constant", "broken"].map((name) => ({ name, threshold: 0 })),
  score: (pictures, n, size) => {
    const scores = new Float32Array(n * 4);
    for (let face = 0; face < n; face++) {
      const plane = pictures.subarray(face * 3 * size ** 2, (face * 3 + 1) * size ** 2);
      const red = plane.reduce((sum, value) => sum + value, 0) / plane.length;
      scores.set([red, -100 * red, 7, NaN], face * 4);
    }
    return Promise.resolve(scores);
  },
};

describe("Describer", () => {
  it("measures the mean change per sigma in standard deviations", async () => {
    const [document] = await documents({ method: "pca", samples: 500, count: 1 });
    if (document === undefined) throw new Error("nothing found");
    const described = await (await openDescriber(model, SCORER, { faces: 20, seed: 3 })).describe(document);

    const z = (count: number): Float32Array =>
      seedsToZ(
        Array.from({ length: count }, (_, i) => 3 + i),
        16,
      );
    const red = async (w: Float32Array): Promise<number[]> => {
      const n = w.length / model.codeSize;
      const scores = await SCORER.score(await model.synthesize(w, n), n, 16);
      return Array.from({ length: n }, (_, face) => scores[face * 4] ?? NaN);
    };
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const base = await red(await model.map(z(128)));
    const deviation = Math.sqrt(mean(base.map((value) => (value - mean(base)) ** 2)));
    const w = await model.map(z(20));
    const moved = async (amount: number): Promise<number[]> => {
      const edit = editAlong({ name: "", path: "", sha256: "", document }, amount);
      const codes = Array.from({ length: 20 }, (_, face) =>
        applyEdits(w.subarray(face * model.codeSize, (face + 1) * model.codeSize), 6, 24, [edit]),
      );
      return red(Float32Array.from(codes.flatMap((code) => Array.from(code))));
    };
    const [less, more] = [await moved(-1), await moved(1)];
    const change = (mean(more) - mean(less)) / 2 / deviation;

    const { effect, discovery } = described;
    expect(effect).toMatchObject({ amount: 1, faces: 20 });
    expect(Object.keys(effect?.change ?? {})).toEqual(["red", "pale"]);
    expect(effect?.change["red"]).toBeCloseTo(change, 4);
    expect(effect?.change["pale"]).toBeCloseTo(-change, 4);
    const right = more.filter((value, face) => (value - (less[face] ?? NaN)) * change > 0).length / 20;
    expect(effect?.right).toBe(right);
    expect(discovery?.description).toMatch(/^mostly |^nothing/);
    expect(parseDocument(serialiseDocument(described), "direction", "d").effect?.faces).toBe(20);
  });
});

describe("describeChange", () => {
  it.each<[Record<string, number>, string]>([
    [{ smile: -0.1, age: 0.8, yaw: 0.09 }, "mostly age +0.8, smile -0.1"],
    [{ smile: 0.09, age: -0.05 }, "nothing the scorer sees"],
    [{}, "nothing the scorer sees"],
    [{ a: 0.2, b: -0.6, c: 0.5, d: 0.4, e: -0.3 }, "mostly b -0.6, c +0.5, d +0.4, e -0.3"],
  ])("%j is %s", (change, text) => {
    expect(describeChange(change)).toBe(text);
  });
});

describe("directionStrips", () => {
  it("draws a row for each direction, its face untouched at amount 0", async () => {
    const found = await documents({ method: "pca", samples: 500, count: 2 });
    const sheet = await directionStrips(model, found, { cell: 16, amounts: [-3, 0, 3] });
    const one = await directionStrips(model, found.slice(0, 1), { cell: 16, amounts: [-3, 0, 3] });
    expect(sheet.width).toBe(one.width);
    expect(sheet.height).toBeGreaterThan(1.7 * one.height);
    const cell = (row: number, column: number): number[] => {
      const pitch = (sheet.height - 8) / 2;
      const values: number[] = [];
      for (let y = 0; y < 16; y++) {
        const start = ((8 + row * pitch + y) * sheet.width + 8 + column * 24) * 3;
        values.push(...sheet.data.subarray(start, start + 48));
      }
      return values;
    };
    expect(cell(0, 1)).toEqual(cell(1, 1));
    expect(cell(0, 0)).not.toEqual(cell(0, 1));
    expect(cell(0, 2)).not.toEqual(cell(1, 2));
  });
});
