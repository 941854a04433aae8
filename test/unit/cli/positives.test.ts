import { describe, expect, it } from "vitest";
import { splitExamples, thresholdOf } from "../../../src/cli/positives";

describe("thresholdOf", () => {
  it("takes numbers, quantiles, and by itself 0.5 for {0,1} and 0 for logits", () => {
    const scores = Float32Array.of(5, 1, 4, 2, 3);
    expect(thresholdOf(scores, 2.5)).toBe(2.5);
    expect(thresholdOf(scores, "q0.8")).toBe(5);
    expect(thresholdOf(scores, "q0")).toBe(1);
    expect(thresholdOf(scores, "q1")).toBe(5);
    expect(thresholdOf(scores, undefined)).toBe(0);
    expect(thresholdOf(Float32Array.of(0, 1, 1), undefined)).toBe(0.5);
  });
});

describe("splitExamples", () => {
  const scores = Float32Array.of(0.9, -0.1, 0.2, -0.8, 0, -0.4);

  it("counts a score at the threshold as positive", () => {
    expect(splitExamples(scores, 0)).toEqual({
      faces: [0, 1, 2, 3, 4, 5],
      labels: [true, false, true, false, true, false],
      threshold: 0,
    });
  });

  it("drops the same share of both classes, nearest to the threshold first", () => {
    const { faces, labels } = splitExamples(scores, 0, 1 / 3);
    expect(faces).toEqual([0, 2, 3, 5]);
    expect(labels).toEqual([true, true, false, false]);
  });

  it("refuses a threshold with nothing on one side", () => {
    expect(() => splitExamples(scores, 1)).toThrow(
      /All scores lie on one side of the threshold 1; .*--threshold/,
    );
    expect(() => splitExamples(scores, -1)).toThrow(/one side/);
  });
});
