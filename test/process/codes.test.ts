import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { readNpyFile, toFloat32, writeNpy } from "../../src/engine/checkpoints";
import { temporaryFolder } from "../support/folder";
import { ONE_SENTENCE, rfm, successOf } from "./support/rfm";

const FIXTURES = join(import.meta.dirname, "..", "fixtures");

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const succeed = (...args: string[]): Promise<Record<string, unknown>> => successOf(folder, ...args);

async function array(name: string): Promise<{ shape: readonly number[]; data: Float32Array }> {
  const tensor = await readNpyFile(at(name));
  return { shape: tensor.shape, data: toFloat32(tensor) };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? NaN))), 0);
}

beforeAll(async () => {
  await succeed("seeds", "0,1,4294967295", "--out", "z.npy");
  await succeed("map", "z.npy", "--out", "w.npy");
});

describe("seeds, map, synthesize, encode and classify", () => {
  it("draws z as PyTorch does", async () => {
    const { latents } = JSON.parse(readFileSync(join(FIXTURES, "latents", "seeds.json"), "utf8")) as {
      latents: { seed: number; z: number[] }[];
    };
    const { shape, data } = await array("z.npy");
    expect(shape).toEqual([3, 512]);
    for (const [row, seed] of [0, 1, 4_294_967_295].entries()) {
      const reference = latents.find((latent) => latent.seed === seed)?.z ?? [];
      expect(largestDifference(data.subarray(row * 512, (row + 1) * 512), reference)).toBeLessThan(1e-6);
    }
  });

  it("maps with the pack's truncation or another", async () => {
    await succeed("map", "z.npy", "--psi", "0", "--out", "average.npy");
    await succeed("map", "z.npy", "--psi", "1", "--cutoff", "none", "--out", "whole.npy");
    const [own, average, whole] = await Promise.all(["w.npy", "average.npy", "whole.npy"].map(array));
    if (own === undefined || average === undefined || whole === undefined) throw new Error("three arrays");
    expect(own.shape).toEqual([3, 10, 512]);
    expect(average.data.subarray(0, 512)).toEqual(average.data.subarray(10 * 512, 11 * 512));
    // The embedded model's own psi is 0.7 on all layers.
    const expected = whole.data.map(
      (value, i) => (average.data[i] ?? 0) + 0.7 * (value - (average.data[i] ?? 0)),
    );
    expect(largestDifference(own.data, expected)).toBeLessThan(1e-5);
  });

  it("makes the same faces as an array and as pictures, and codes and scores them", async () => {
    const made = await succeed("synthesize", "w.npy", "--out", "x.npy");
    expect(made["shape"]).toEqual([3, 3, 64, 64]);
    const { paths } = (await succeed("synthesize", "w.npy", "--out", "faces")) as { paths: string[] };
    expect(paths).toEqual(["0000", "0001", "0002"].map((name) => join("faces", `${name}.png`)));
    const { data } = await array("x.npy");
    const pixels = await sharp(at("faces", "0001.png")).raw().toBuffer();
    const plane = 64 * 64;
    for (const [x, y, channel] of [
      [0, 0, 0],
      [31, 40, 1],
      [63, 63, 2],
    ] as const) {
      const value = ((data[(3 + channel) * plane + y * 64 + x] ?? NaN) + 1) * 127.5;
      const expected = Math.min(255, Math.max(0, value));
      expect(Math.abs((pixels[(y * 64 + x) * 3 + channel] ?? NaN) - expected)).toBeLessThanOrEqual(0.51);
    }
    await succeed("synthesize", "w.npy", "--size", "100", "--out", "large");
    expect(await sharp(at("large", "0002.png")).metadata()).toMatchObject({ width: 100, height: 100 });

    expect((await succeed("encode", "x.npy", "--out", "encoded.npy"))["shape"]).toEqual([3, 10, 512]);
    const scored = (await succeed("classify", ...paths, "--out", "scores.npy")) as {
      shape: number[];
      attributes: string[];
    };
    expect(scored.shape).toEqual([3, scored.attributes.length]);
    expect(scored.attributes).toEqual(expect.arrayContaining(["age", "gender", "smile", "yaw"]));
    const age = (await array("scores.npy")).data[scored.attributes.indexOf("age")] ?? NaN;
    expect(age).toBeGreaterThan(1);
    expect(age).toBeLessThan(100);
  });

  it("refuses arrays that are none, of other shapes, or with NaN", async () => {
    writeFileSync(at("text.npy"), "no array");
    writeFileSync(at("short.npy"), writeNpy(new Float32Array(30), [3, 10]));
    writeFileSync(at("nan.npy"), writeNpy(new Float32Array(512).fill(NaN), [1, 512]));
    for (const [name, said] of [
      ["text.npy", "is no NumPy array"],
      ["short.npy", "has the shape [3,10], but this model takes [n,512]"],
      ["nan.npy", "holds NaN or infinite numbers"],
      ["none.npy", "none.npy"],
    ] as const) {
      const { code, stderr } = await rfm(folder, "map", name, "--out", "never.npy");
      expect(code).toBe(1);
      expect(stderr).toMatch(ONE_SENTENCE);
      expect(stderr).toContain(said);
    }
    expect(existsSync(at("never.npy"))).toBe(false);
  });
});
