import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAll, readNpyFile, readSafetensors, toFloat32 } from "../../../src/engine/checkpoints";
import {
  discover,
  symmetricEigen,
  type Component,
  type DiscoverChoices,
} from "../../../src/engine/directions";
import { buildPack, openModel, openPack, type Model } from "../../../src/engine/models";
import { openRuntime, type Runtime } from "../../../src/engine/runtime";
import { repository } from "../../support/demoModel";
import { writeSmallSource } from "../../support/smallModel";

const FIXTURES = repository("test/fixtures/discovery");

let folder: string;
let runtime: Runtime;
let demo: Model;
let small: Model;
let expected: (name: string) => Float32Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rfm-discovery-"));
  runtime = await openRuntime("cpu");
  await writeSmallSource(folder);
  const open = async (source: string, name: string): Promise<Model> => {
    await buildPack(source, join(folder, "packs", name), "test");
    return openModel(await openPack(join(folder, "packs", name)), runtime);
  };
  small = await open(folder, "small");
  demo = await open(repository("models/demo"), "demo");
  const tensors = await readAll(await readSafetensors(join(FIXTURES, "expected.safetensors")));
  expected = (name) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`the fixture has no ${name}`);
    return toFloat32(tensor);
  };
});

afterAll(async () => {
  await runtime.dispose();
  await rm(folder, { recursive: true });
});

/** Largest difference of any entry, each vector with its better sign. */
function vectorError(components: readonly Component[], vectors: Float32Array): number {
  expect(components.length).toBeGreaterThan(0);
  return Math.max(
    ...components.map(({ vector }, k) => {
      const wanted = vectors.subarray(k * vector.length, (k + 1) * vector.length);
      expect(wanted.length).toBe(vector.length);
      const errorWith = (sign: number): number =>
        vector.reduce((most, entry, i) => Math.max(most, Math.abs(entry * sign - (wanted[i] ?? NaN))), 0);
      return Math.min(errorWith(1), errorWith(-1));
    }),
  );
}

function relativeError(found: readonly number[], wanted: Float32Array): number {
  const largest = wanted.reduce((most, value) => Math.max(most, value), 0);
  return Math.max(...found.map((value, k) => Math.abs(value - (wanted[k] ?? NaN)) / largest));
}

describe("symmetricEigen", () => {
  it("has numpy's eigenvalues, close and equal ones too", async () => {
    const matrix = await readNpyFile(join(FIXTURES, "matrix.npy"));
    const values = await readNpyFile(join(FIXTURES, "matrix.values.npy"));
    const found = symmetricEigen(matrix.data as Float64Array, matrix.shape[0] ?? 0).values;
    expect(found.length).toBe(40);
    found.forEach((value, k) => {
      expect(Math.abs(value - Number(values.data[k]))).toBeLessThan(1e-13);
    });
  });
});

describe("SeFa", () => {
  it.each<[string, () => Model, Omit<DiscoverChoices, "method">]>([
    ["sefa.all", () => demo, { count: 12 }],
    ["sefa.2-5", () => demo, { count: 12, layers: [2, 5] }],
    // The only layer whose style goes straight into the picture.
    ["sefa.last", () => demo, { count: 12, layers: [9, 10] }],
    ["sefa.small", () => small, { count: 24 }],
    // Row 1 feeds a picture layer too, which does not count.
    ["sefa.small.1-3", () => small, { count: 12, layers: [1, 3] }],
  ])("has numpy's eigenvectors: %s", async (name, model, choices) => {
    const { components } = await discover(model(), { method: "sefa", samples: 2, ...choices });
    expect(components.length).toBe(choices.count);
    expect(vectorError(components, expected(`${name}.vectors`))).toBeLessThan(1e-4);
    expect(
      relativeError(
        components.map(({ value }) => value),
        expected(`${name}.values`),
      ),
    ).toBeLessThan(1e-6);
  });

  it("measures sigma on seeded codes", async () => {
    const { components, samples } = await discover(demo, { method: "sefa", count: 12 });
    expect(samples).toBe(2000);
    expect(
      relativeError(
        components.map(({ sigma }) => sigma),
        expected("sefa.all.sigma"),
      ),
    ).toBeLessThan(1e-4);
  });
});

describe("PCA", () => {
  it("has numpy's eigenvectors of the covariance of 2,000 seeded codes", async () => {
    const { components } = await discover(demo, { method: "pca", count: 12, samples: 2000 });
    expect(vectorError(components, expected("pca.vectors"))).toBeLessThan(1e-4);
    const values = components.map(({ value }) => value);
    expect(relativeError(values, expected("pca.values"))).toBeLessThan(1e-5);
    const [total = NaN] = expected("pca.total");
    components.forEach(({ value, share, sigma }) => {
      expect(share).toBeCloseTo(value / total, 6);
      expect(sigma).toBeCloseTo(Math.sqrt(value), 10);
    });
  });
});
