import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { cropQuad, decodePicture, pasteBack, type Picture, type Quad } from "../../../src/engine/faces";
import { difference, gradientPicture, paint, PHOTOS, pixel } from "./pictures";

const QUAD: Quad = [
  [150, 70],
  [140, 190],
  [260, 200],
  [270, 80],
];

function brighter(picture: Picture, by: number): Picture {
  return { ...picture, data: picture.data.map((value) => Math.min(255, value + by)) };
}

describe("pasteBack", () => {
  let photo: Picture;
  beforeAll(async () => {
    photo = await decodePicture(join(PHOTOS, "astronaut.png"));
  });

  it("gives the photo itself, to the byte, when nothing was edited", () => {
    const crop = cropQuad(photo, QUAD, 64);
    const result = pasteBack(photo, crop, { ...crop, data: Uint8Array.from(crop.data) }, QUAD);
    expect(difference(result, photo).largest).toBe(0);
    expect(result.data === photo.data).toBe(false);
  });

  it("changes nothing outside the quad, and the whole of its middle", () => {
    const grey = paint(400, 300, () => [100, 100, 100]);
    const crop = paint(64, 64, () => [50, 50, 50]);
    const result = pasteBack(grey, crop, brighter(crop, 40), QUAD);
    expect(pixel(result, 205, 135)).toEqual([140, 140, 140]);
    expect(pixel(result, 225, 120)).toEqual([140, 140, 140]);
    for (const [x, y] of [
      [143, 75],
      [275, 85],
      [205, 60],
      [136, 130],
      [0, 0],
    ] as const) {
      expect(pixel(result, x, y)).toEqual([100, 100, 100]);
    }
    // Without a step anywhere: 40 levels over the soft edge of about twenty pixels.
    for (let x = 100; x < 320; x++) {
      expect(
        Math.abs((pixel(result, x + 1, 135)[0] ?? NaN) - (pixel(result, x, 135)[0] ?? NaN)),
      ).toBeLessThan(6);
    }
  });

  it("keeps the photo's own detail under an edit from a small model", () => {
    const crop = cropQuad(photo, QUAD, 64);
    const result = pasteBack(photo, crop, brighter(crop, 12), QUAD);
    const middle = (picture: Picture): number[] =>
      Array.from({ length: 40 }, (_, i) => pixel(picture, 185 + i, 130)[1] ?? NaN);
    const before = middle(photo);
    expect(middle(result)).toEqual(before.map((value) => Math.min(255, value + 12)));
  });

  it("puts the edit where it was made, at any size of the face in the photo", () => {
    // A bright dot in the crop must come out at the dot's place in the photo.
    for (const [half, tolerance] of [
      [10, 1],
      [32, 1],
      [190, 3],
    ] as const) {
      const plain = paint(400, 400, () => [90, 90, 90]);
      const [cx, cy, roll] = [200, 200, 0.5];
      const [ax, ay] = [half * Math.cos(roll), half * Math.sin(roll)];
      const quad: Quad = [
        [cx - ax + ay, cy - ay - ax],
        [cx - ax - ay, cy - ay + ax],
        [cx + ax - ay, cy + ay + ax],
        [cx + ax + ay, cy + ay - ax],
      ];
      const crop = paint(64, 64, () => [90, 90, 90]);
      const dotted = paint(64, 64, (x, y) =>
        Math.hypot(x - 43.5, y - 23.5) < 6 ? [250, 90, 90] : [90, 90, 90],
      );
      const { data, width } = pasteBack(plain, crop, dotted, quad);
      let [sum, sx, sy] = [0, 0, 0];
      for (let pixelIndex = 0; pixelIndex < data.length / 3; pixelIndex++) {
        const weight = (data[pixelIndex * 3] as number) - 90;
        sum += weight;
        sx += weight * (pixelIndex % width);
        sy += weight * Math.floor(pixelIndex / width);
      }
      const [u, v] = [(44 / 64) * 2 - 1, (24 / 64) * 2 - 1];
      expect(sum).toBeGreaterThan(0);
      expect(Math.abs(sx / sum - (cx + u * ax - v * ay))).toBeLessThan(tolerance);
      expect(Math.abs(sy / sum - (cy + u * ay + v * ax))).toBeLessThan(tolerance);
    }
  });

  it("gives the edited face back when the result is aligned again", () => {
    // Away from black and white, where adding the change would be cut off.
    const soft: Picture = { ...photo, data: photo.data.map((value) => 64 + value / 2) };
    const before = cropQuad(soft, QUAD, 64);
    // A change as edits make them: smooth, and of the middle.
    const edited: Picture = {
      ...before,
      data: before.data.map((value, i) => {
        const [x, y] = [Math.floor(i / 3) % 64, Math.floor(i / 192)];
        return Math.min(255, Math.max(0, value + 60 * Math.exp(-((x - 30) ** 2 + (y - 36) ** 2) / 100)));
      }),
    };
    const again = cropQuad(pasteBack(soft, before, edited, QUAD), QUAD, 64);
    expect(difference(edited, before).largest).toBeGreaterThan(50);
    expect(difference(again, edited).largest).toBeLessThanOrEqual(4);
  });

  it("reaches over the edge of the photo without harm", () => {
    const small = gradientPicture(60, 60);
    const quad: Quad = [
      [-50, -40],
      [-50, 40],
      [30, 40],
      [30, -40],
    ];
    const crop = cropQuad(small, quad, 64);
    const result = pasteBack(small, crop, brighter(crop, 30), quad);
    expect(pixel(result, 0, 0)[0]).toBeGreaterThan(60);
    expect(pixel(result, 50, 50)).toEqual(pixel(small, 50, 50));
  });

  it("refuses crops of two sizes and feathers of no width", () => {
    const crop = gradientPicture(32, 32);
    expect(() => pasteBack(photo, crop, gradientPicture(64, 64), QUAD)).toThrow(RangeError);
    expect(() => pasteBack(photo, crop, crop, QUAD, { feather: 0 })).toThrow(RangeError);
  });
});
