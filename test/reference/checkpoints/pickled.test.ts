import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openCheckpoint, toFloat32 } from "../../../src/engine/checkpoints";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/checkpoints/pickled/${name}`, import.meta.url));
type Expected = Record<string, { shape: number[]; values: number[] }>;
const expected = JSON.parse(readFileSync(fixture("expected.json"), "utf8")) as Record<string, Expected>;

describe("what torch.save, pickle.dump and numpy.savez wrote", () => {
  it.each(Object.entries(expected))("reads every tensor of %s", async (file, tensors) => {
    const checkpoint = await openCheckpoint(fixture(file));
    for (const [name, { shape, values }] of Object.entries(tensors)) {
      const entry = checkpoint.tensors.get(name);
      expect(entry?.shape, name).toEqual(shape);
      const tensor = await entry?.read();
      expect(tensor && Array.from(toFloat32(tensor)), name).toEqual(Array.from(Float32Array.from(values)));
    }
    const large = [...checkpoint.tensors.keys()].filter((name) => name !== "large");
    expect(large.sort()).toEqual(Object.keys(tensors).sort());
  });

  it.each([0, 1, 2, 3, 4, 5])("leaves long arrays of protocol %i where they are", async (protocol) => {
    const { tensors } = await openCheckpoint(fixture(`arrays-${protocol}.pkl`));
    const large = await tensors.get("large")?.read();
    const numbers = large && toFloat32(large);
    expect(large?.shape).toEqual([100, 200]);
    expect(numbers?.[0]).toBe(-1);
    expect(numbers?.[12_345]).toBeCloseTo(-1 + (2 * 12_345) / 19_999, 6);
    expect(numbers?.at(-1)).toBe(1);
  });

  it("knows containers by their content", async () => {
    const containers = await Promise.all(
      ["types.pt", "types-legacy.pt", "arrays-4.pkl", "packed.npz", "pair.pkl.gz"].map(async (file) => {
        const { container, gzip } = await openCheckpoint(fixture(file));
        return [container, gzip];
      }),
    );
    expect(containers).toEqual([
      ["torch", false],
      ["torch-legacy", false],
      ["pickle", false],
      ["npz", false],
      ["pickle", true],
    ]);
  });
});
