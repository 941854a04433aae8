import { expect, it } from "vitest";
import { blendedDeltas, morphPath, slerp } from "../../../src/engine/latents";

const [a, b, c] = [Float32Array.of(0, 2), Float32Array.of(2, 0), Float32Array.of(4, 8)];

it("goes evenly through all stops, on straight lines in w and great circles in z", () => {
  const way = morphPath([a, b, c], 5, "w+");
  expect(way.map(({ place }) => place)).toEqual([0, 0.5, 1, 1.5, 2]);
  expect(way.map(({ code }) => [...code])).toEqual([
    [0, 2],
    [1, 1],
    [2, 0],
    [3, 4],
    [4, 8],
  ]);
  const [, middle] = morphPath([a, b], 3, "z");
  expect(middle?.code).toEqual(slerp(a, b, 0.5));
  expect(Math.hypot(...(middle?.code ?? []))).toBeCloseTo(2, 6);
});

it("refuses one stop, one frame, and codes of several models", () => {
  expect(() => morphPath([a], 5, "w+")).toThrow(/give one more/);
  expect(() => morphPath([a, b], 1, "w+")).toThrow(/cannot have 1 frames/);
  expect(() => morphPath([a, b], 2.5, "w+")).toThrow(/cannot have 2.5 frames/);
  expect(() => morphPath([a, Float32Array.of(1)], 3, "w+")).toThrow(/latents of one model/);
});

it("adds tunings up by their shares", () => {
  const one = new Map([["x", Float32Array.of(4, 8)]]);
  const two = new Map([
    ["x", Float32Array.of(1, 1)],
    ["y", Float32Array.of(2)],
  ]);
  const blended = blendedDeltas([
    { deltas: one, share: 0.25 },
    { deltas: two, share: 2 },
  ]);
  expect([...(blended.get("x") ?? [])]).toEqual([3, 4]);
  expect([...(blended.get("y") ?? [])]).toEqual([4]);
  expect([...(one.get("x") ?? [])]).toEqual([4, 8]);
  expect(blendedDeltas([{ deltas: two, share: 0 }]).size).toBe(0);
});
