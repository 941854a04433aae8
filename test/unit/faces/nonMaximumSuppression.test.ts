import { describe, expect, it } from "vitest";
import {
  boxArea,
  commonArea,
  intersectionOverUnion,
  nonMaximumSuppression,
} from "../../../src/engine/faces/nonMaximumSuppression";

const box = (left: number, top: number, side: number) => ({
  left,
  top,
  right: left + side,
  bottom: top + side,
});

describe("boxes", () => {
  it("measures areas, and none of what is empty or apart", () => {
    expect(boxArea(box(1, 2, 3))).toBe(9);
    expect(boxArea({ left: 3, top: 0, right: 1, bottom: 5 })).toBe(0);
    expect(commonArea(box(0, 0, 2), box(1, 1, 2))).toBe(1);
    expect(commonArea(box(0, 0, 2), box(2, 0, 2))).toBe(0);
    expect(intersectionOverUnion(box(0, 0, 2), box(1, 1, 2))).toBeCloseTo(1 / 7);
    expect(intersectionOverUnion(box(0, 0, 0), box(0, 0, 0))).toBe(0);
  });
});

describe("nonMaximumSuppression", () => {
  it("keeps the best of what overlaps and everything else, best first", () => {
    const candidates = [
      { score: 0.6, box: box(0.5, 0, 10) },
      { score: 0.7, box: box(100, 0, 10) },
      { score: 0.9, box: box(0, 0, 10) },
    ];
    expect(nonMaximumSuppression(candidates, 0.5)).toEqual([candidates[2], candidates[1]]);
  });

  it("lets a box stay that overlaps only a suppressed one", () => {
    const chain = [0, 4, 8].map((left, index) => ({ score: 0.9 - index / 10, box: box(left, 0, 10) }));
    expect(nonMaximumSuppression(chain, 0.4).map(({ box: { left } }) => left)).toEqual([0, 8]);
  });

  it("keeps what overlaps by exactly the threshold, and the order of equal scores", () => {
    const pair = [
      { score: 0.5, box: { left: 0, top: 0, right: 2, bottom: 1 } },
      { score: 0.5, box: { left: 1, top: 0, right: 2, bottom: 1 } },
    ];
    expect(nonMaximumSuppression(pair, 0.5)).toEqual(pair);
    expect(nonMaximumSuppression(pair, 0.49)).toEqual([pair[0]]);
    expect(nonMaximumSuppression([], 0.5)).toEqual([]);
  });
});
