import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asCodes, asLatents, beside, readArray, writeArray } from "../../../src/cli/arrays";
import { failureOf, temporaryFolder } from "../../support/folder";

const folder = temporaryFolder();
const array = (...shape: number[]): { data: Float32Array; shape: number[] } => {
  const count = shape.reduce((product, size) => product * size, 1);
  return { data: Float32Array.from({ length: count }, (_, index) => index), shape };
};

describe("arrays", () => {
  it("come back from the disk", async () => {
    const path = join(folder, "x.npy");
    const { data, shape } = array(2, 3);
    await writeArray(path, data, shape);
    expect(await readArray(path)).toEqual({ data, shape });
  });

  it("with NaN are refused", async () => {
    const path = join(folder, "nan.npy");
    await writeArray(path, Float32Array.of(1, NaN), [2]);
    expect((await failureOf(() => readArray(path))).message).toBe(
      `${path} holds NaN or infinite numbers; make the file again.`,
    );
  });

  it("that are none are refused", async () => {
    const path = join(folder, "text.npy");
    writeFileSync(path, "hello");
    expect((await failureOf(() => readArray(path))).message).toContain(path);
  });
});

describe("asCodes", () => {
  it("takes one code or several", () => {
    expect(asCodes("x", array(4), 4).shape).toEqual([1, 4]);
    expect(asCodes("x", array(3, 4), 4).shape).toEqual([3, 4]);
  });

  it.each([[[5]], [[0, 4]], [[1, 3, 4]], [[]]])("refuses the shape %j", (shape) => {
    expect(() => asCodes("x", array(...shape), 4)).toThrow(
      /^x has the shape \[.*\], but this model takes \[n,4\]; /,
    );
  });
});

describe("asLatents", () => {
  it("takes w+ as it is", () => {
    expect(asLatents("x", array(2, 3, 4), 3, 4)).toEqual(array(2, 3, 4));
    expect(asLatents("x", array(3, 4), 3, 4)).toEqual({ ...array(3, 4), shape: [1, 3, 4] });
  });

  it("repeats plain w for every layer", () => {
    const { data, shape } = asLatents("x", array(2, 2), 3, 2);
    expect(shape).toEqual([2, 3, 2]);
    expect([...data]).toEqual([0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3]);
  });

  it.each([[[2, 5, 4]], [[3, 5]], [[1, 2, 3, 4]], [[0, 3, 4]]])("refuses the shape %j", (shape) => {
    expect(() => asLatents("x", array(...shape), 3, 4)).toThrow(
      /^x has the shape \[.*\], but this model takes \[n,3,4\]; /,
    );
  });
});

it("names files beside their source", () => {
  expect(beside(join("photos", "a.b.png"), ".edited.png")).toBe(join("photos", "a.b.edited.png"));
  expect(beside(join("photos", "a.png"), "-1.png", "out")).toBe(join("out", "a-1.png"));
});
