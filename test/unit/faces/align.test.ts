import { describe, expect, it } from "vitest";
import { RfmError } from "../../../src/engine/files";
import {
  alignmentQuad,
  applyAffine,
  cropQuad,
  FFHQ_ALIGNMENT,
  photoToCrop,
  type Point,
  type Quad,
} from "../../../src/engine/faces";
import { difference, gradientPicture, paint, pixel } from "./pictures";

/** 68 landmarks of a face looking straight: eyes at (+-30, 0), mouth corners at (+-20, 60), moved and turned. */
function face(cx: number, cy: number, angle = 0, scale = 1): Point[] {
  const turn = ([x, y]: Point): Point => [
    cx + scale * (x * Math.cos(angle) - y * Math.sin(angle)),
    cy + scale * (x * Math.sin(angle) + y * Math.cos(angle)),
  ];
  return Array.from({ length: 68 }, (_, i): Point => {
    if (i >= 36 && i < 42) return turn([-30 + (i - 38.5), 0]);
    if (i >= 42 && i < 48) return turn([30 + (i - 44.5), 0]);
    if (i === 48) return turn([-20, 60]);
    return i === 54 ? turn([20, 60]) : turn([0, 30]);
  });
}

describe("alignmentQuad", () => {
  it("frames an upright face as FFHQ does", () => {
    // max(2 * 60, 1.8 * 60) = 120 is the half side; the centre is a tenth of the way to the mouth.
    const quad = alignmentQuad(face(200, 100), FFHQ_ALIGNMENT);
    const expected = [
      [80, -14],
      [80, 226],
      [320, 226],
      [320, -14],
    ];
    for (const [corner, [x, y]] of quad.entries()) {
      expect(x).toBeCloseTo(expected[corner]?.[0] ?? NaN, 9);
      expect(y).toBeCloseTo(expected[corner]?.[1] ?? NaN, 9);
    }
  });

  it("follows the face when it moves, turns and grows", () => {
    const alignment = { scale: 0.62, centre: 0.5 };
    const places = (landmarks: Point[]): Point[] => {
      const map = photoToCrop(alignmentQuad(landmarks, alignment), 64);
      return landmarks.map((point) => applyAffine(map, point));
    };
    const upright = places(face(200, 100));
    for (const [index, [u, v]] of places(face(531, 87, 0.7, 3.2)).entries()) {
      expect(u).toBeCloseTo(upright[index]?.[0] ?? NaN, 6);
      expect(v).toBeCloseTo(upright[index]?.[1] ?? NaN, 6);
    }
  });

  it.each([
    ["too few", face(0, 0).slice(0, 67)],
    ["not finite", face(0, 0).map(([x]): Point => [x, NaN])],
    ["in one point", face(5, 5, 0, 0)],
  ])("refuses landmarks that are %s", (_, landmarks) => {
    expect(() => alignmentQuad(landmarks, FFHQ_ALIGNMENT)).toThrow(RfmError);
  });
});

/** A square by its centre, half side and roll. */
function square(cx: number, cy: number, half: number, roll = 0): Quad {
  const [ax, ay] = [half * Math.cos(roll), half * Math.sin(roll)];
  return [
    [cx - ax + ay, cy - ay - ax],
    [cx - ax - ay, cy - ay + ax],
    [cx + ax - ay, cy + ay + ax],
    [cx + ax + ay, cy + ay - ax],
  ];
}

describe("cropQuad", () => {
  it("cuts pixels out where the quad lies on them", () => {
    const picture = gradientPicture(200, 160);
    // Corners are in the coordinates of pixel centres: half a pixel before the first pixel of the cut.
    const crop = cropQuad(picture, square(79.5, 63.5, 32), 64);
    for (const [x, y] of [
      [0, 0],
      [63, 0],
      [10, 40],
      [63, 63],
    ] as const) {
      for (const [channel, value] of pixel(crop, x, y).entries()) {
        expect(Math.abs(value - (pixel(picture, 48 + x, 32 + y)[channel] ?? NaN))).toBeLessThanOrEqual(1);
      }
    }
  });

  it("gives the same crop of a photo and of the same photo made larger", () => {
    const small = gradientPicture(150, 120);
    const large = gradientPicture(1500, 1200);
    const crop = cropQuad(small, square(70, 60, 30, 0.4), 32);
    // Pixel centres of the large picture: (x + 0.5) * 10 - 0.5.
    expect(difference(cropQuad(large, square(704.5, 604.5, 300, 0.4), 32), crop).largest).toBeLessThanOrEqual(
      3,
    );
  });

  it("mirrors and blurs beyond the edges", () => {
    const stripes = paint(200, 200, (x) => (x % 20 < 10 ? [20, 40, 60] : [220, 200, 180]));
    const crop = cropQuad(stripes, square(10, 100, 60), 120);
    const contrast = (column: number): number => {
      const values = Array.from({ length: 20 }, (_, i) => pixel(crop, column + i, 60)[0] ?? NaN);
      return Math.max(...values) - Math.min(...values);
    };
    expect(contrast(95)).toBeGreaterThan(180);
    expect(contrast(0)).toBeLessThan(100);
    expect(contrast(0)).toBeGreaterThan(0);
  });

  it("works on a picture smaller than the quad", () => {
    const crop = cropQuad(gradientPicture(16, 16), square(8, 8, 100), 32);
    expect([crop.width, crop.height]).toEqual([32, 32]);
    expect(new Set(crop.data).size).toBeGreaterThan(3);
  });

  it.each([
    ["outside the photo", square(900, 900, 20)],
    ["of no size", square(50, 50, 0)],
    ["not finite", square(NaN, 50, 20)],
    ["mirrored", [...square(50, 50, 20)].reverse() as unknown as Quad],
    [
      "no square",
      [
        [10, 10],
        [10, 80],
        [40, 80],
        [40, 10],
      ] as Quad,
    ],
  ])("refuses a quad %s", (_, quad) => {
    expect(() => cropQuad(gradientPicture(100, 100), quad, 32)).toThrow(RfmError);
  });
});
