import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodePicture, resizePicture } from "../../../src/engine/faces";
import { difference, gradientPicture, paint, PHOTOS, pixel } from "./pictures";

describe("resizePicture", () => {
  it("averages areas exactly, also where they are no whole pixels", () => {
    const row = paint(4, 1, (x) => [[10, 26, 60, 80][x] as number, 0, 0]);
    expect([...resizePicture(row, 2, 1).data].filter((_, i) => i % 3 === 0)).toEqual([18, 70]);
    // Thirds of 4 pixels: 10 + 26/3 over 4/3, and so on.
    expect([...resizePicture(row, 3, 1).data].filter((_, i) => i % 3 === 0)).toEqual([14, 43, 75]);
    expect(pixel(resizePicture(row, 1, 1), 0, 0)).toEqual([44, 0, 0]);
  });

  it.each(["area", "bilinear", "bicubic", "lanczos"] as const)(
    "%s keeps plain colours and sizes",
    (kernel) => {
      const plain = paint(23, 17, () => [12, 130, 251]);
      for (const [width, height] of [
        [7, 5],
        [60, 50],
        [23, 17],
        [1, 1],
        [50, 3],
      ] as const) {
        expect(resizePicture(plain, width, height, kernel)).toEqual(
          paint(width, height, () => [12, 130, 251]),
        );
      }
    },
  );

  it.each(["area", "bicubic", "lanczos", "bilinear"] as const)(
    "%s leaves a picture of the same size alone",
    (kernel) => {
      const picture = gradientPicture(21, 34);
      expect(resizePicture(picture, 21, 34, kernel)).toEqual(picture);
    },
  );

  it("makes a photo smaller without aliasing and larger without losing it", async () => {
    const photo = await decodePicture(join(PHOTOS, "astronaut.png"));
    const small = resizePicture(photo, 128, 128);
    const again = resizePicture(resizePicture(small, 512, 512), 128, 128);
    expect(difference(again, small).mean).toBeLessThan(3);
    const stripes = paint(64, 64, (x) => (x % 2 === 0 ? [0, 0, 0] : [255, 255, 255]));
    expect(
      difference(
        resizePicture(stripes, 16, 16),
        paint(16, 16, () => [128, 128, 128]),
      ).largest,
    ).toBe(0);
  });
});
