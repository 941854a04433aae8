import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { StoredTensor } from "../../../src/engine/checkpoints";
import { modelIdentity } from "../../../src/engine/models";

const a: StoredTensor = { dtype: "float32", shape: [2], data: Float32Array.of(1, -2) };
const b: StoredTensor = { dtype: "float32", shape: [], data: Float32Array.of(0.5) };

describe("modelIdentity", () => {
  it("hashes names, shapes and float32 numbers in the order of names", () => {
    const hash = createHash("sha256")
      .update("a\n2\n")
      .update(Buffer.from("0000803f000000c0", "hex"))
      .update("b\n\n")
      .update(Buffer.from("0000003f", "hex"));
    expect(modelIdentity(new Map([["b", b], ["a", a]]))).toBe(hash.digest("hex"));
  });

  it("does not care how numbers are stored", () => {
    const half: StoredTensor = { dtype: "float16", shape: [2], data: Uint16Array.of(0x3c00, 0xc000) };
    expect(modelIdentity(new Map([["a", half]]))).toBe(modelIdentity(new Map([["a", a]])));
  });

  it.each<[string, Map<string, StoredTensor>]>([
    ["a number", new Map([["a", { ...a, data: Float32Array.of(1, 2) }]])],
    ["a shape", new Map([["a", { ...a, shape: [1, 2] }]])],
    ["a name", new Map([["b", a]])],
    ["a tensor more", new Map([["a", a], ["b", b]])],
  ])("changes with %s", (_, tensors) => {
    expect(modelIdentity(tensors)).not.toBe(modelIdentity(new Map([["a", a]])));
  });
});
