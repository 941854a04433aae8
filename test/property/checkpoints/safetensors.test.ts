import { describe, expect, it } from "vitest";
import {
  memorySource,
  parseSafetensors,
  readAll,
  writeSafetensors,
  type StoredTensor,
} from "../../../src/engine/checkpoints";
import { RfmError } from "../../../src/engine/files";
import { Random } from "../../support/random";

function randomTensors(random: Random): Map<string, StoredTensor> {
  const makers: ((count: number) => Omit<StoredTensor, "shape">)[] = [
    (count) => ({ dtype: "float32", data: random.normals(count) }),
    (count) => ({ dtype: "float64", data: Float64Array.from(random.normals(count)) }),
    (count) => ({
      dtype: "float16",
      data: Uint16Array.from({ length: count }, () => random.integer(0, 65536)),
    }),
    (count) => ({
      dtype: "bfloat16",
      data: Uint16Array.from({ length: count }, () => random.integer(0, 65536)),
    }),
    (count) => ({
      dtype: "int64",
      data: BigInt64Array.from({ length: count }, () => BigInt(random.integer(-9, 9))),
    }),
    (count) => ({ dtype: "uint8", data: Uint8Array.from({ length: count }, () => random.integer(0, 256)) }),
  ];
  const names = ["a", "layer.0.weight", "__proto__", "ключ", 'b"\\'];
  return new Map(
    names.slice(0, random.integer(0, 6)).map((name) => {
      const shape = Array.from({ length: random.integer(0, 4) }, () => random.integer(0, 4));
      const make = makers[random.integer(0, makers.length)];
      if (make === undefined) throw new Error("no such maker");
      return [name, { ...make(shape.reduce((product, size) => product * size, 1)), shape }];
    }),
  );
}

describe("safetensors", () => {
  it("reads back what it wrote, metadata too", async () => {
    const random = new Random(3);
    for (let round = 0; round < 100; round++) {
      const tensors = randomTensors(random);
      const metadata = new Map(round % 2 === 0 ? [["note", "ü"]] : []);
      const checkpoint = await parseSafetensors(memorySource(writeSafetensors(tensors, metadata), "x"));
      expect(checkpoint.metadata).toEqual(metadata);
      expect(await readAll(checkpoint)).toEqual(tensors);
    }
  });

  it("refuses a file cut off at any byte with one sentence", async () => {
    const bytes = writeSafetensors(
      new Map([["w", { dtype: "float32", shape: [2], data: Float32Array.of(1, 2) } as const]]),
    );
    for (let length = 0; length < bytes.length; length++) {
      const reading = parseSafetensors(memorySource(bytes.subarray(0, length), "cut.safetensors"));
      await expect(reading, `cut at ${length}`).rejects.toThrow(/^cut\.safetensors .*; .*\.$/);
    }
  });

  it("never fails in another way, whatever byte of the header is wrong", async () => {
    const random = new Random(4);
    const bytes = writeSafetensors(
      new Map([
        ["a", { dtype: "float32", shape: [2, 2], data: new Float32Array(4) } as const],
        ["b", { dtype: "uint8", shape: [3], data: new Uint8Array(3) } as const],
      ]),
      new Map([["k", "v"]]),
    );
    for (let round = 0; round < 3000; round++) {
      const broken = bytes.slice();
      broken[random.integer(0, bytes.length)] = random.integer(0, 256);
      try {
        const all = await readAll(await parseSafetensors(memorySource(broken, "x")));
        for (const { data, shape } of all.values())
          expect(data).toHaveLength(shape.reduce((product, size) => product * size, 1));
      } catch (error) {
        expect(error).toBeInstanceOf(RfmError);
      }
    }
  });
});
