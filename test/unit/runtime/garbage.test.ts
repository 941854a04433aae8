import { expect, it } from "vitest";
import { freeLargeArrays } from "../../../src/engine/runtime/garbage";

const SIZE = 1 << 28;

/** Its array is nobody's afterwards. */
const filled = (): number => new Uint8Array(SIZE).fill(1).length;

it("gives back large arrays that nobody holds, and keeps those that somebody does", () => {
  const held = new Float32Array(SIZE / 8);
  held[5] = 7;
  expect(filled()).toBe(SIZE);
  const before = process.memoryUsage().arrayBuffers;
  expect(before).toBeGreaterThan(SIZE);
  freeLargeArrays();
  const after = process.memoryUsage().arrayBuffers;
  expect(before - after).toBeGreaterThanOrEqual(SIZE);
  expect(after).toBeGreaterThanOrEqual(held.byteLength);
  expect(held[5]).toBe(7);
});

it("asks for it in a way that leaves no global behind", () => {
  expect(globalThis.gc).toBeUndefined();
});
