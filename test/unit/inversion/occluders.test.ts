import { describe, expect, it } from "vitest";
import { FFHQ_ALIGNMENT } from "../../../src/engine/faces";
import { findOccluders } from "../../../src/engine/inversion/fast/occluders";
import { maskOfWeights, occlusionGrid, weightsOfMask } from "../../../src/engine/inversion/fast/occlusion";
import { grown, pieces } from "../../../src/engine/inversion/fast/pieces";
import { faceFrame } from "../../../src/engine/inversion/fast/residual";
import { suspects } from "../../../src/engine/inversion/fast/suspects";
import { Random } from "../../support/random";

const frame = faceFrame(64, { scale: 0.62, centre: 0.5 });
const { side } = frame;
const random = new Random(3);
const drawn = Float32Array.from({ length: 3 * side * side }, () => 0.3 * (random.uniform() - 0.5));
const noisy = drawn.map((value) => value + 0.1 * (random.uniform() - 0.5));

/** A mask of rows and columns [from, to). */
function area(top: number, bottom: number, left: number, right: number): Float32Array {
  return Float32Array.from({ length: side * side }, (_, at) => {
    const [row, column] = [Math.floor(at / side), at % side];
    return row >= top && row < bottom && column >= left && column < right ? 1 : 0;
  });
}

const covered = (mask: Float32Array, value = 0.9): Float32Array =>
  noisy.map((before, at) => (mask[at % mask.length] === 1 ? value : before));
const share = (of: Float32Array, within: Float32Array): number =>
  of.reduce((sum, value, at) => sum + (within[at] === 1 ? value : 0), 0) / total(within);
const total = (mask: Float32Array): number => mask.reduce((sum, value) => sum + value, 0);
const everything = area(0, side, 0, side);

describe("faceFrame", () => {
  it("looks in pictures of at most 64 pixels that the model's are made of evenly", () => {
    const sides = [8, 64, 96, 1024].map((size) => faceFrame(size, FFHQ_ALIGNMENT).side);
    expect(sides).toEqual([8, 64, 48, 64]);
  });

  it("takes the face to be smaller in pictures that are framed more widely", () => {
    const inside = ({ distance }: { distance: Float32Array }): number =>
      distance.filter((value) => value < 1).length / distance.length;
    const wide = inside(faceFrame(64, FFHQ_ALIGNMENT));
    expect(inside(frame) / wide).toBeCloseTo(1 / 0.62 ** 2, 0);
    expect(frame.distance[34 * side + 32]).toBeLessThan(0.05);
  });
});

describe("suspects", () => {
  it("are none where everything is drawn evenly well", () => {
    expect(total(suspects(drawn, noisy, frame))).toBe(0);
  });

  it("are those that stand out, and none far from them", () => {
    const bar = area(40, 50, 10, 50);
    const found = suspects(drawn, covered(bar), frame);
    expect(share(found, bar)).toBe(1);
    expect(total(found)).toBeLessThan(1.6 * total(bar));
  });
});

describe("findOccluders", () => {
  const bar = area(40, 50, 10, 50);

  it("finds a bar before the face, up to its border", () => {
    const found = findOccluders(drawn, covered(bar), everything, frame);
    expect(share(found, bar)).toBe(1);
    expect(share(found, area(38, 52, 8, 52))).toBe(total(found) / total(area(38, 52, 8, 52)));
  });

  it("gives back what the generator draws like the photo without having seen it", () => {
    expect(total(findOccluders(drawn, noisy, bar, frame))).toBe(0);
  });

  it("judges nothing that the generator has seen", () => {
    expect(total(findOccluders(drawn, covered(bar), area(0, 30, 0, 64), frame))).toBe(0);
  });

  it("leaves what is thin, small, or beside the face", () => {
    for (const mask of [area(40, 42, 5, 59), area(40, 47, 30, 37), area(0, 8, 0, 64)]) {
      expect(total(findOccluders(drawn, covered(mask), everything, frame))).toBe(0);
    }
  });

  it("asks for more where the rest is drawn badly", () => {
    const half = covered(bar, 0.55);
    expect(total(findOccluders(drawn, half, everything, frame))).toBeGreaterThan(0);
    const shifted = half.map((value, at) => (bar[at % bar.length] === 1 ? value : value + 0.2));
    expect(total(findOccluders(drawn, shifted, everything, frame))).toBe(0);
  });
});

describe("pieces", () => {
  it("are what is connected above, below, left and right", () => {
    const mask = Float32Array.of(1, 1, 0, 0, 0, 1, 1, 0, 1);
    expect(pieces(mask, 3).map((piece) => piece.sort((a, b) => a - b))).toEqual([[0, 1], [5, 8], [6]]);
  });
});

describe("grown", () => {
  const end = [...area(42, 48, 10, 30).entries()].flatMap(([at, value]) => (value === 1 ? [at] : []));

  it("goes to the border of what is of the same colour", () => {
    const all = grown(end, covered(area(42, 48, 10, 50)), side);
    const mask = new Float32Array(side * side);
    for (const at of all) mask[at] = 1;
    expect(mask).toEqual(area(42, 48, 10, 50));
  });

  it("stays where there is no border", () => {
    expect(grown(end, noisy, side)).toBe(end);
  });
});

describe("weightsOfMask", () => {
  it("leaves out what the mask says, in pictures of any size, and gives it back", () => {
    const mask = area(40, 50, 10, 50);
    for (const size of [64, 128, 256]) {
      const weights = weightsOfMask(mask, size);
      expect(weights).toHaveLength(size * size);
      expect(weights[Math.floor(0.7 * size) * size + size / 2]).toBe(0);
      expect(weights[0]).toBe(1);
      expect(maskOfWeights(weights, size, side)).toEqual(mask);
    }
  });

  it("is told in documents by a grid of numbers with two digits", () => {
    const grid = occlusionGrid(weightsOfMask(area(32, 64, 0, 64), 64), 64, 4);
    expect(grid).toEqual([
      [1, 1, 1, 1],
      [1, 1, 1, 1],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });
});
