import { describe, expect, it } from "vitest";
import {
  byGroup,
  choicesOf,
  parsePercent,
  parsePositive,
  parseThreshold,
  USUAL_PLAN,
} from "../../../src/extension/directions/fitChoices";
import { parseSeeds } from "../../../src/extension/directions/seeds";
import { parseCount, parseLayers } from "../../../src/extension/discovery/parse";

describe("what people type", () => {
  it("are thresholds: numbers, quantiles, or nothing", () => {
    expect(parseThreshold(" ")).toEqual({ value: undefined });
    expect(parseThreshold("-1.5")).toEqual({ value: -1.5 });
    expect(parseThreshold(".5")).toEqual({ value: 0.5 });
    expect(parseThreshold("q0.9")).toEqual({ value: "q0.9" });
    for (const wrong of ["q0", "q1", "q1.5", "median", "1,5", "0x10", "1e999", "--1"]) {
      expect(parseThreshold(wrong), wrong).toEqual({ problem: true });
    }
  });

  it("are shares and costs", () => {
    expect(["0", "98", "12.5%"].map(parsePercent)).toEqual([0, 0.98, 0.125]);
    for (const wrong of ["", "-1", "100", "x"]) expect(parsePercent(wrong), wrong).toBeUndefined();
    expect(["0.1", "1e3"].map(parsePositive)).toEqual([0.1, 1000]);
    for (const wrong of ["", "0", "-1", "Infinity"]) expect(parsePositive(wrong), wrong).toBeUndefined();
  });

  it("are ranges of seeds", () => {
    expect(parseSeeds(" 0 : 8000 ")).toEqual({ start: 0, end: 8000 });
    expect(parseSeeds("4294967290:4294967296")).toEqual({ start: 4294967290, end: 4294967296 });
    for (const wrong of ["8000", "5:5", "8:2", "-1:3", "0:4294967297", "0:1.5", ""]) {
      expect(parseSeeds(wrong), wrong).toBeUndefined();
    }
  });

  it("are layers of the model, and how many directions", () => {
    expect(parseLayers("0:10", 10)).toEqual([0, 10]);
    for (const wrong of ["0:11", "4:4", "5:2", "a:b", ""]) {
      expect(parseLayers(wrong, 10), wrong).toBeUndefined();
    }
    expect(parseCount("10")).toBe(10);
    for (const wrong of ["0", "1.5", "101", ""]) expect(parseCount(wrong), wrong).toBeUndefined();
  });
});

describe("choicesOf", () => {
  it("leaves each attribute its own threshold unless one was given", () => {
    const plan = { ...USUAL_PLAN, labelSet: undefined, output: "" };
    expect(choicesOf(plan)).toEqual({ penalty: "l1", C: 1, classWeight: null, dropMiddle: 0 });
    expect(choicesOf({ ...plan, balanced: true, threshold: "q0.9" })).toMatchObject({
      classWeight: "balanced",
      threshold: "q0.9",
    });
  });

  it("weighs no classes where the scores themselves are fitted", () => {
    const plan = { ...USUAL_PLAN, labelSet: undefined, output: "", balanced: true };
    expect(choicesOf({ ...plan, penalty: "lasso" })).toMatchObject({ penalty: "lasso", classWeight: null });
  });
});

describe("byGroup", () => {
  it("keeps the order of the label set within and among groups", () => {
    const attributes = [
      { name: "age", group: "identity" },
      { name: "smile", group: "expression" },
      { name: "other" },
      { name: "gender", group: "identity" },
    ];
    const groups = [...byGroup(attributes)].map(([group, members]) => [
      group,
      members.map(({ name }) => name),
    ]);
    expect(groups).toEqual([
      ["identity", ["age", "gender"]],
      ["expression", ["smile"]],
      [undefined, ["other"]],
    ]);
  });
});
