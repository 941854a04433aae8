import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  memorySource,
  parseSafetensors,
  readSafetensors,
  toFloat32,
  writeSafetensors,
  type StoredTensor,
} from "../../../src/engine/checkpoints";

/** A file with any header (text as it is, anything else as JSON) and 16 bytes of data. */
async function parse(header: unknown, length?: bigint): Promise<unknown> {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(length ?? BigInt(json.length));
  return await parseSafetensors(
    memorySource(Buffer.concat([prefix, json, Buffer.alloc(16)]), "x.safetensors"),
  );
}

const tensor = (begin: number, end: number, more: object = {}): object => ({
  dtype: "F32",
  shape: [(end - begin) / 4],
  data_offsets: [begin, end],
  ...more,
});

describe("parseSafetensors", () => {
  it.each<[string, unknown, RegExp]>([
    ["no JSON", "{", /header that is no JSON/],
    ["a list", [], /header that is no table/],
    ["a gap", { a: tensor(0, 4), b: tensor(8, 16) }, /gap or an overlap in its data before the tensor b/],
    ["an overlap", { a: tensor(0, 12), b: tensor(8, 16) }, /gap or an overlap/],
    ["a rest", { a: tensor(0, 12) }, /holds 4 bytes that belong to no tensor/],
    ["data beyond the end", { a: tensor(0, 20) }, /its shape does not fit in the file/],
    ["a shape that overflows", { a: tensor(0, 16, { shape: [2 ** 40, 2 ** 40] }) }, /shape does not fit/],
    ["a negative size", { a: tensor(0, 16, { shape: [-4] }) }, /shape does not fit/],
    ["a fraction of an element", { a: tensor(0, 16, { shape: [3.5] }) }, /shape does not fit/],
    ["a shape unlike its place", { a: tensor(0, 16, { shape: [3] }) }, /its place does not fit its shape/],
    [
      "a place from behind",
      { a: tensor(0, 16, { data_offsets: [16, 0] }) },
      /its place does not fit its shape/,
    ],
    [
      "a place of text",
      { a: tensor(0, 16, { data_offsets: ["0", "16"] }) },
      /its place is no pair of numbers/,
    ],
    ["an unknown type", { a: tensor(0, 16, { dtype: "F8" }) }, /the type F8 is unknown/],
    ["a type of the prototype", { a: tensor(0, 16, { dtype: "toString" }) }, /the type toString is unknown/],
    ["metadata that is no text", { __metadata__: { a: 1 }, a: tensor(0, 16) }, /metadata a that is no text/],
  ])("refuses %s", async (_, header, sentence) => {
    await expect(parse(header)).rejects.toThrow(sentence);
  });

  it("allocates nothing for a lying header length", async () => {
    await expect(parse({}, 2n ** 63n)).rejects.toThrow(/its header would take 9223372036854775808 bytes/);
  });
});

describe("readSafetensors", () => {
  it("reads tensors from the file when asked, and notices that it changed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rfm-"));
    try {
      const path = join(folder, "x.safetensors");
      const one: StoredTensor = { dtype: "float32", shape: [2], data: Float32Array.of(1, 2) };
      await writeFile(path, writeSafetensors(new Map([["a", one]])));
      const checkpoint = await readSafetensors(path);
      expect(await checkpoint.tensors.get("a")?.read()).toEqual(one);
      await writeFile(path, writeSafetensors(new Map([["abcdefgh", one]])));
      await expect(checkpoint.tensors.get("a")?.read()).rejects.toThrow(/changed while it was being read/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("toFloat32", () => {
  it.each<[StoredTensor, number[]]>([
    [{ dtype: "float16", shape: [3], data: Uint16Array.of(0x3c00, 0xc000, 0x0001) }, [1, -2, 2 ** -24]],
    [{ dtype: "bfloat16", shape: [3], data: Uint16Array.of(0x3f80, 0xc000, 0x7f80) }, [1, -2, Infinity]],
    [{ dtype: "float64", shape: [1], data: Float64Array.of(0.1) }, [Math.fround(0.1)]],
    [{ dtype: "int64", shape: [1], data: BigInt64Array.of(-5n) }, [-5]],
    [{ dtype: "uint16", shape: [1], data: Uint16Array.of(65535) }, [65535]],
    [{ dtype: "bool", shape: [2], data: Uint8Array.of(0, 1) }, [0, 1]],
  ])("converts $0.dtype", (stored, values) => {
    expect(Array.from(toFloat32(stored))).toEqual(values);
  });
});
