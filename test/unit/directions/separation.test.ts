import { describe, expect, it } from "vitest";
import { areaUnderCurve, separation } from "../../../src/engine/directions";

describe("separation", () => {
  it("counts shares by class", () => {
    const decisions = Float64Array.from([2, 1, -1, -2, -3, 0.5]);
    expect(separation(decisions, [true, true, true, false, false, false])).toEqual({
      accuracy: 4 / 6,
      balanced: 2 / 3,
      majority: 0.5,
      auc: 8 / 9,
    });
  });

  it("counts ties as half in the area under the curve", () => {
    expect(areaUnderCurve(Float64Array.from([1, 1, 1, 1]), [true, false, true, false])).toBe(0.5);
    expect(areaUnderCurve(Float64Array.from([1, 2, 2, 3]), [false, false, true, true])).toBe(3.5 / 4);
    expect(areaUnderCurve(Float64Array.from([1]), [true])).toBe(0.5);
  });
});
