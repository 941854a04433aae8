import { describe, expect, it } from "vitest";
import { readNpy, writeNpy } from "../../../src/engine/checkpoints";
import { RfmError } from "../../../src/engine/files";
import { Random } from "../../support/random";

describe("npy", () => {
  it("reads back what it wrote, bit for bit", async () => {
    const random = new Random(1);
    for (let round = 0; round < 50; round++) {
      const shape = Array.from({ length: random.integer(0, 5) }, () => random.integer(0, 5));
      const count = shape.reduce((product, size) => product * size, 1);
      const data = random.normals(count);
      if (count > 0) data[0] = [NaN, -Infinity, -0][round % 3] ?? 0;
      const tensor = await readNpy(writeNpy(data, shape), "x.npy");
      expect(tensor).toEqual({ dtype: "float32", shape, data });
    }
  });

  it("refuses a file cut off at any byte with one sentence", async () => {
    const bytes = writeNpy(Float32Array.of(1, 2, 3), [3]);
    for (let length = 0; length < bytes.length; length++) {
      const reading = readNpy(bytes.subarray(0, length), "cut.npy");
      await expect(reading, `cut at ${length}`).rejects.toThrow(/^cut\.npy .*; .*\.$/);
      await expect(reading, `cut at ${length}`).rejects.toBeInstanceOf(RfmError);
    }
  });

  it("never fails in another way, whatever byte of the header is wrong", async () => {
    const random = new Random(2);
    const bytes = writeNpy(Float32Array.of(1, 2, 3, 4), [2, 2]);
    for (let round = 0; round < 2000; round++) {
      const broken = bytes.slice();
      broken[random.integer(0, bytes.length - 16)] = random.integer(0, 256);
      try {
        const { data, shape } = await readNpy(broken, "x.npy");
        expect(data).toHaveLength(shape.reduce((product, size) => product * size, 1));
      } catch (error) {
        expect(error).toBeInstanceOf(RfmError);
      }
    }
  });
});
