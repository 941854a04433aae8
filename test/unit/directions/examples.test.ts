import { describe, expect, it } from "vitest";
import { thresholdOf } from "../../../src/engine/directions";
import {
  classesOf,
  oneSided,
  scoresProblem,
  withoutMiddle,
} from "../../../src/engine/directions/quality/examples";

describe("thresholdOf", () => {
  const scores = Float32Array.of(5, 1, 4, 2, 3);

  it("takes numbers, quantiles, and by itself 0.5 for {0,1} and 0 for logits", () => {
    expect(thresholdOf(scores, 2.5)).toBe(2.5);
    expect(thresholdOf(scores, "q0.8")).toBe(5);
    expect(thresholdOf(scores, "q0")).toBe(1);
    expect(thresholdOf(scores, "q.5")).toBe(3);
    expect(thresholdOf(scores, "q1")).toBe(5);
    expect(thresholdOf(scores, undefined)).toBe(0);
    expect(thresholdOf(Float32Array.of(0, 1, 1), undefined)).toBe(0.5);
  });

  it.each(["q2", "q", "median", "q-0.1", "q1e9", ""])("refuses the word %j", (word) => {
    expect(() => thresholdOf(scores, word)).toThrow(/neither a number nor a quantile/);
  });
});

describe("classesOf", () => {
  it("counts a score at the threshold as positive", () => {
    expect(Array.from(classesOf(Float32Array.of(0.9, -0.1, 0), 0))).toEqual([1, -1, 1]);
  });
});

describe("withoutMiddle", () => {
  const scores = Float32Array.of(0.9, -0.1, 0.2, -0.8, 0, -0.4);
  const all = Int32Array.of(5, 4, 3, 2, 1, 0);

  it("drops the same share of both classes, nearest to the threshold first, and keeps the order", () => {
    expect(Array.from(withoutMiddle(scores, 0, all, 1 / 3))).toEqual([5, 3, 2, 0]);
    expect(withoutMiddle(scores, 0, all, 0)).toBe(all);
  });

  it("looks at the given faces only and leaves at least one of each class", () => {
    expect(Array.from(withoutMiddle(scores, 0, Int32Array.of(1, 2, 4, 5), 0.9))).toEqual([2, 5]);
  });
});

describe("scoresProblem and oneSided", () => {
  it("tell what makes a fit impossible, and how many scores are at fault", () => {
    expect(scoresProblem(Float32Array.of(1, NaN, Infinity, 2), 4)).toBe(
      "2 of 4 scores are NaN or infinite; label those faces again.",
    );
    expect(scoresProblem(Float32Array.of(1, NaN), 2)).toMatch(/^1 of 2 scores is NaN/);
    expect(scoresProblem(Float32Array.of(3, 3, 3), 3)).toMatch(/^All 3 scores are 3, so nothing tells/);
    expect(scoresProblem(Float32Array.of(3, 3, 4), 2)).toMatch(/^There are 3 scores for 2 codes/);
    expect(scoresProblem(Float32Array.of(3, 3, 4), 3)).toBeUndefined();
  });

  it("tell on which side all faces lie", () => {
    const classes = Int8Array.of(1, -1, 1);
    expect(oneSided(classes, Int32Array.of(0, 2), 0.1, "scores")).toMatch(
      /^All 2 scores lie at or above the threshold 0.1, .*q0.5/,
    );
    expect(oneSided(classes, Int32Array.of(1), 0, "scores")).toMatch(/lie below/);
    expect(oneSided(classes, Int32Array.of(0, 1), 0, "scores")).toBeUndefined();
  });
});
