import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seedsToZ, seedToZ } from "../../../src/engine/latents";

interface Reference {
  latents: { seed: number; z: number[] }[];
  sizes: { seed: number; size: number; values: number[] }[];
}
const reference = JSON.parse(
  readFileSync(new URL("../../fixtures/latents/seeds.json", import.meta.url), "utf8"),
) as Reference;

function largestDifference(actual: Float32Array, expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - (actual[i] ?? NaN))));
}

describe("seeds against PyTorch", () => {
  it.each(reference.latents)("draws the z of seed $seed", ({ seed, z }) => {
    expect(largestDifference(seedToZ(seed), z)).toBeLessThanOrEqual(1e-6);
  });

  it.each(reference.sizes)("redraws the last block of $size numbers", ({ seed, size, values }) => {
    expect(largestDifference(seedToZ(seed, size), values)).toBeLessThanOrEqual(1e-6);
  });

  it("stacks several seeds as rows", () => {
    const [first, second] = reference.latents;
    if (first === undefined || second === undefined) throw new Error("the fixture is empty");
    const z = seedsToZ([first.seed, second.seed]);
    expect(largestDifference(z, [...first.z, ...second.z])).toBeLessThanOrEqual(1e-6);
  });
});
