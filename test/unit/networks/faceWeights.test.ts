import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RfmError } from "../../../src/engine/files";
import { readFaceWeights } from "../../../src/engine/networks/face/weights";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rfm-weights-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const plain = { name: "a", shape: [2, 1], dtype: "float32" };
const bytes = {
  name: "b",
  shape: [3],
  dtype: "float32",
  quantization: { dtype: "uint8", scale: 0.5, min: -1 },
};

async function write(weights: unknown, binary: Uint8Array): Promise<void> {
  const text = typeof weights === "string" ? weights : JSON.stringify([{ paths: ["net.bin"], weights }]);
  await writeFile(join(folder, "net-weights_manifest.json"), text);
  await writeFile(join(folder, "net.bin"), binary);
}

const BINARY = Uint8Array.of(...new Uint8Array(Float32Array.of(1.5, -2).buffer), 0, 2, 255);

describe("readFaceWeights", () => {
  it("reads floats and bytes with scale and minimum", async () => {
    await write([plain, bytes], BINARY);
    const weights = await readFaceWeights(folder, "net");
    expect([...weights.get("a", 2).values()]).toEqual([1.5, -2]);
    const b = weights.get("b", 1);
    expect([...b.values()]).toEqual([-1, 0, 126.5]);
    expect(b.quantised).toMatchObject({ scale: 0.5, zeroPoint: 2 });
  });

  it("keeps no bytes where none of them stands for zero", async () => {
    const shifted = { ...bytes, quantization: { dtype: "uint8", scale: 0.5, min: 0.3 } };
    await write([shifted], Uint8Array.of(0, 1, 2));
    const b = (await readFaceWeights(folder, "net")).get("b", 1);
    expect(b.quantised).toBeUndefined();
    expect(b.values()[2]).toBeCloseTo(1.3);
  });

  it("says which weight is missing or misshapen", async () => {
    await write([plain, bytes], BINARY);
    const weights = await readFaceWeights(folder, "net");
    expect(() => weights.get("c", 1)).toThrow(/net\.bin has no weight c/);
    expect(() => weights.get("a", 4)).toThrow(/holds a in another shape/);
  });

  it.each([
    ["half a manifest", '[{"weights": [', BINARY, /manifest\.json is no JSON/],
    ["no weights", "{}", BINARY, /lists no weights/],
    ["a negative shape", [{ ...plain, shape: [-1] }], BINARY, /without a name or shape/],
    ["a huge shape", [{ ...plain, shape: [2 ** 40, 2 ** 40] }], BINARY, /net\.bin ends in the middle/],
    ["an unknown type", [{ ...plain, dtype: "complex64" }], BINARY, /stores a in a type/],
    [
      "an unknown quantisation",
      [{ ...bytes, quantization: { dtype: "uint16", scale: 1, min: 0 } }],
      BINARY,
      /quantises b/,
    ],
    [
      "a scale of zero",
      [{ ...bytes, quantization: { dtype: "uint8", scale: 0, min: 0 } }],
      BINARY,
      /quantises b/,
    ],
    ["too few bytes", [plain, bytes], BINARY.subarray(0, 9), /net\.bin ends in the middle/],
    ["too many bytes", [plain], BINARY, /holds more than its manifest says/],
  ])("refuses %s", async (_what, weights, binary, message) => {
    await write(weights, binary);
    const failure = readFaceWeights(folder, "net");
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toThrow(RfmError);
  });

  it("names a file that is missing", async () => {
    await expect(readFaceWeights(folder, "net")).rejects.toThrow(/net-weights_manifest\.json/);
  });
});
