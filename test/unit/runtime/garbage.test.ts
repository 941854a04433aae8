import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { freeLargeArrays } from "../../../src/engine/runtime/garbage";

/** Somebody's who needs it: so much that it is time to look for what nobody does. */
const held = new Uint8Array(1 << 28);

/** Nobody's afterwards. */
const leftOver = (): WeakRef<Uint8Array> => new WeakRef(new Uint8Array(1000));

it("gives back arrays that nobody holds, and keeps those that somebody does", async () => {
  const gone = leftOver();
  held[5] = 7;
  // A weak reference holds on until the turn ends.
  await setImmediate();
  freeLargeArrays();
  expect(gone.deref()).toBeUndefined();
  expect(held[5]).toBe(7);
});

it("leaves no global behind", () => {
  freeLargeArrays();
  expect(globalThis.gc).toBeUndefined();
});
