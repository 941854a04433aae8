import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readNpyFile, toFloat32 } from "../../../src/engine/checkpoints";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/checkpoints/${name}`, import.meta.url));
const arrays = JSON.parse(readFileSync(fixture("arrays.json"), "utf8")) as Record<
  string,
  { shape: number[]; values: number[] }
>;

describe("arrays that numpy saved", () => {
  it.each(Object.entries(arrays))("reads %s", async (name, { shape, values }) => {
    const tensor = await readNpyFile(fixture(`${name}.npy`));
    expect(tensor.shape).toEqual(shape);
    expect(toFloat32(tensor)).toEqual(Float32Array.from(values));
  });

  it.each([
    ["objects", /Python objects, which are never loaded here; save it as float32/],
    ["text", /elements of the type <U2, not numbers/],
    ["complex", /elements of the type <c16, not numbers/],
    ["record", /elements of the type of a record, not numbers/],
  ])("refuses %s", async (name, sentence) => {
    await expect(readNpyFile(fixture(`refused-${name}.npy`))).rejects.toThrow(sentence);
  });
});
