import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TorchRandom } from "../../../src/engine/networks";
import { seedsToZ, seedToZ } from "../../../src/engine/latents";

interface Reference {
  latents: { seed: number; z: number[] }[];
  sizes: { seed: number; size: number; values: number[] }[];
}
const reference = JSON.parse(
  readFileSync(new URL("../../fixtures/latents/seeds.json", import.meta.url), "utf8"),
) as Reference;

const SHORT = [
  -0.4867807626724243, -0.6038215756416321, -0.5580962300300598, 0.6675242781639099, 0.901448667049408,
];

function largestDifference(actual: Float32Array, expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - (actual[i] ?? NaN))));
}

describe("seeds against PyTorch", () => {
  it.each(reference.latents)("draws the z of seed $seed", ({ seed, z }) => {
    expect(largestDifference(seedToZ(seed), z)).toBeLessThanOrEqual(1e-6);
  });

  it.each(reference.sizes)(
    "draws $size numbers, short ones one by one, redrawing a last block that is incomplete",
    ({ seed, size, values }) => {
      expect(largestDifference(seedToZ(seed, size), values)).toBeLessThanOrEqual(1e-6);
    },
  );

  it("keeps the second of two normals for the next short tensor", () => {
    // torch.manual_seed(5); torch.randn(3); torch.randn(20); torch.randn(2)
    const random = new TorchRandom(5);
    const first = random.normals(3);
    random.normals(20);
    expect(largestDifference(first, SHORT.slice(0, 3))).toBeLessThanOrEqual(1e-6);
    expect(largestDifference(random.normals(2), SHORT.slice(3))).toBeLessThanOrEqual(1e-6);
  });

  it("stacks several seeds as rows", () => {
    const [first, second] = reference.latents;
    if (first === undefined || second === undefined) throw new Error("the fixture is empty");
    const z = seedsToZ([first.seed, second.seed]);
    expect(largestDifference(z, [...first.z, ...second.z])).toBeLessThanOrEqual(1e-6);
  });
});
