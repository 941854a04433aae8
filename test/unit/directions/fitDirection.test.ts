import { describe, expect, it } from "vitest";
import { areaUnderCurve, fitDirection, separation, sigmaAlong } from "../../../src/engine/directions";
import { Random } from "../../support/random";

/** Codes whose label is the sign of their first coordinate, with a little noise. */
function codes(n: number, d: number): { rows: Float32Array; labels: boolean[] } {
  const random = new Random(3);
  const rows = random.normals(n * d);
  return {
    rows,
    labels: Array.from({ length: n }, (_, i) => (rows[i * d] ?? 0) + 0.2 * random.normal() > 0),
  };
}

describe("fitDirection", () => {
  it("finds the coordinate that makes the label and judges it on rows it did not train on", async () => {
    const { rows, labels } = codes(600, 8);
    const fit = await fitDirection(rows, 8, labels);
    expect(fit.vector[0]).toBeGreaterThan(0.95);
    expect(Math.hypot(...fit.vector)).toBeCloseTo(1, 6);
    expect(fit.sigma).toBeCloseTo(sigmaAlong(rows, 8, fit.vector), 9);
    expect(fit.samples).toEqual({ train: 480, positive: labels.filter(Boolean).length, test: 120 });
    expect(fit.test?.auc).toBeGreaterThan(0.97);
    expect(fit.test?.balanced).toBeGreaterThan(0.88);
  });

  it("gives the same numbers again, and other ones for another split", async () => {
    const { rows, labels } = codes(200, 5);
    const first = await fitDirection(rows, 5, labels);
    expect(await fitDirection(rows, 5, labels)).toEqual(first);
    expect((await fitDirection(rows, 5, labels, { seed: 1 })).vector).not.toEqual(first.vector);
  });

  it.each([
    ["one class", (labels: boolean[]) => labels.fill(true), {}, /one class/],
    ["another length", (labels: boolean[]) => labels.slice(1), {}, /one label for each/],
    ["more training rows than labels", (labels: boolean[]) => labels, { train: 500 }, /impossible/],
    ["a penalty that kills everything", (labels: boolean[]) => labels, { C: 1e-6 }, /raise C/],
  ] as const)("refuses %s", async (_, change, options, sentence) => {
    const { rows, labels } = codes(100, 4);
    await expect(fitDirection(rows, 4, change(labels), options)).rejects.toThrow(sentence);
  });

  it("refuses codes that are not finite", async () => {
    const { rows, labels } = codes(50, 4);
    rows[7] = NaN;
    await expect(fitDirection(rows, 4, labels)).rejects.toThrow(/NaN/);
  });

  it("says so when it cannot reach the gap it was asked for", async () => {
    const { rows, labels } = codes(100, 4);
    await expect(fitDirection(rows, 4, labels, { maximumIterations: 1 })).rejects.toThrow(/duality gap of/);
    await expect(fitDirection(rows, 4, labels, { tolerance: -1 })).rejects.toThrow(/duality gap of/);
  });

  it("stops when it is cancelled", async () => {
    const { rows, labels } = codes(50, 4);
    await expect(fitDirection(rows, 4, labels, { signal: AbortSignal.abort() })).rejects.toThrow(/Cancelled/);
  });
});

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
