import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  alignmentQuad,
  applyAffine,
  cropQuad,
  cropToPhoto,
  decodePicture,
  photoToCrop,
  type Picture,
  type Point,
  type Quad,
} from "../../../src/engine/faces";

const FIXTURES = join(__dirname, "../../fixtures");

interface Case {
  readonly name: string;
  readonly landmarks: Point[];
  readonly scale: number;
  readonly centre: number;
  readonly size: number;
  readonly quad: Quad;
}

const CASES = JSON.parse(readFileSync(join(FIXTURES, "faces/crop/reference.json"), "utf8")) as Case[];

/** Root mean square and largest difference, in bytes. */
function compare(one: Picture, other: Picture): { rms: number; largest: number } {
  expect([one.width, one.height]).toEqual([other.width, other.height]);
  const differences = Array.from(one.data, (value, i) => Math.abs(value - (other.data[i] ?? NaN)));
  return {
    rms: Math.sqrt(differences.reduce((sum, d) => sum + d * d, 0) / differences.length),
    largest: differences.reduce((most, d) => Math.max(most, d), 0),
  };
}

describe("alignment against FFHQ's script, written anew with Pillow, numpy and scipy", () => {
  let photo: Picture;
  beforeAll(async () => {
    photo = await decodePicture(join(FIXTURES, "photos/astronaut.png"));
  });

  it.each(CASES)("$name: the quad to 1e-6 pixels", ({ landmarks, scale, centre, quad }) => {
    const ours = alignmentQuad(landmarks, { scale, centre });
    for (const [corner, [x, y]] of quad.entries()) {
      expect(Math.abs((ours[corner]?.[0] ?? NaN) - x)).toBeLessThan(1e-6);
      expect(Math.abs((ours[corner]?.[1] ?? NaN) - y)).toBeLessThan(1e-6);
    }
  });

  it.each(CASES)("$name: the crop to a byte or two", async ({ name, quad, size }) => {
    const reference = await decodePicture(join(FIXTURES, `faces/crop/${name}.png`));
    const { rms, largest } = compare(cropQuad(photo, quad, size), reference);
    expect(rms).toBeLessThan(1);
    expect(largest).toBeLessThanOrEqual(3);
  });

  it("maps crop and photo onto each other", () => {
    for (const { quad, size } of CASES) {
      const [x, y] = applyAffine(cropToPhoto(quad, size), [size, 0]);
      expect(x).toBeCloseTo(quad[3][0], 9);
      expect(y).toBeCloseTo(quad[3][1], 9);
      const [u, v] = applyAffine(photoToCrop(quad, size), quad[2]);
      expect(u).toBeCloseTo(size, 9);
      expect(v).toBeCloseTo(size, 9);
    }
  });
});
