import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { FaceNets, Picture } from "../../../src/engine/faces";
import { comparePictures, ssim } from "../../../src/engine/inversion";
import { repository } from "../../support/demoModel";

interface Expected {
  readonly rows: number;
  readonly columns: number;
  readonly mse: number;
  readonly psnr: number;
  readonly ssim: number;
}
const expected = JSON.parse(
  readFileSync(repository("test/fixtures/inversion/photos.json"), "utf8"),
) as Expected;
const { rows, columns } = expected;

/** A picture of the fixture's size, by bytes. */
function picture(byteAt: (row: number, column: number, colour: number) => number): Picture {
  const data = Uint8Array.from({ length: rows * columns * 3 }, (_, i) => {
    const byte = byteAt(Math.floor(i / 3 / columns), Math.floor(i / 3) % columns, i % 3);
    return Math.min(255, Math.max(0, Math.floor(byte)));
  });
  return { width: columns, height: rows, data };
}

const wave = (row: number, column: number, colour: number): number =>
  127.5 +
  90 * Math.sin(0.21 * row + 0.13 * column + colour) +
  30 * Math.sin(1.7 * row * (colour + 1) - column);
const first = picture(wave);
const second = picture(
  (row, column, colour) =>
    30 + 0.8 * Math.floor(wave(row, column, colour)) + 12 * Math.sin(2.9 * column + row),
);

/** Sees faces where it is told to, and knows them by their brightness. */
function faceNets(sees: (picture: Picture) => boolean): FaceNets {
  return {
    detect: (seen: Picture) => Promise.resolve(sees(seen) ? [{ landmarks: [] }] : []),
    embed: ({ data }: Picture) => Promise.resolve(Float32Array.of(data.reduce((sum, byte) => sum + byte, 0))),
  } as unknown as FaceNets;
}

describe("comparePictures", () => {
  it("measures as scikit-image does", async () => {
    const found = await comparePictures(first, second, { faceNets: faceNets(() => true) });
    expect(found.mse).toBeCloseTo(expected.mse, 7);
    expect(found.psnr).toBeCloseTo(expected.psnr, 5);
    expect(found.ssim).toBeCloseTo(expected.ssim, 6);
    expect(found.identity).toBeGreaterThan(0);
    expect(found.notes).toEqual([]);
  });

  it("finds equal pictures equal", async () => {
    const found = await comparePictures(first, first, { faceNets: faceNets(() => true) });
    expect(found).toMatchObject({ mse: 0, psnr: Infinity, identity: 0 });
    expect(found.ssim).toBeCloseTo(1, 12);
  });

  it.each([
    ["Neither picture shows", () => false],
    ["The first picture does not show", (seen: Picture) => seen === second],
    ["The second picture does not show", (seen: Picture) => seen === first],
  ])("%s a face: says so", async (said, sees) => {
    const found = await comparePictures(first, second, { faceNets: faceNets(sees) });
    expect(found.identity).toBeUndefined();
    expect(found.notes).toEqual([expect.stringContaining(said)]);
  });

  it("takes crops of a model as they are framed, without a look for faces", async () => {
    const found = await comparePictures(first, second, {
      faceNets: faceNets(() => false),
      alignment: { scale: 1, centre: 0.1 },
    });
    expect(found.identity).toBeGreaterThan(0);
  });

  it("refuses pictures of two sizes, and says what small ones lack", async () => {
    const small: Picture = { width: 4, height: 4, data: new Uint8Array(48) };
    const tools = { faceNets: faceNets(() => true) };
    await expect(comparePictures(first, small, tools)).rejects.toThrow(/52x37 and 4x4 pixels/);
    const other: Picture = { width: 4, height: 4, data: new Uint8Array(48).fill(9) };
    const found = await comparePictures(other, small, tools);
    expect(found.ssim).toBeUndefined();
    expect(found.notes).toEqual([expect.stringMatching(/too small for SSIM/)]);
  });
});

describe("ssim", () => {
  it("is the same for a picture and its turned twin", () => {
    const size = [5, 6, 7].map((n) => n * 5);
    for (const [width, height] of [size.slice(0, 2), size.slice(1)] as [number, number][]) {
      const [a, b] = [0.3, 0.9].map((k) =>
        Float32Array.from({ length: width * height }, (_, i) => Math.sin(k * i * i)),
      ) as [Float32Array, Float32Array];
      const turned = (x: Float32Array): Float32Array =>
        Float32Array.from(x, (_, i) => x[(i % height) * width + Math.floor(i / height)] ?? NaN);
      expect(ssim(turned(a), turned(b), height, width)).toBeCloseTo(ssim(a, b, width, height), 10);
    }
  });
});
