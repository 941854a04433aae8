import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { histogramOf } from "../../../src/engine/directions/quality/histogram";
import { areaInterval, areaUnder, rankingOf, rocCurve } from "../../../src/engine/directions/quality/ranking";
import { regressionQuality } from "../../../src/engine/directions/quality/regression";
import { separation } from "../../../src/engine/directions/quality/statistics";

/** What test/fixtures/directions/quality/generate.py wrote. */
interface Case {
  readonly name: string;
  readonly decisions: readonly number[];
  readonly labels: readonly number[];
  readonly accuracy: number;
  readonly balanced: number;
  readonly majority: number;
  readonly auc: number;
  readonly interval: readonly [number, number];
  readonly roc: readonly (readonly [number, number])[];
  readonly histogram: object;
  readonly values: readonly number[];
  readonly r2: number;
  readonly pearson: number;
}

const fixture = new URL("../../fixtures/directions/quality/quality.json", import.meta.url);
const CASES = JSON.parse(readFileSync(fixture, "utf8")) as readonly Case[];

describe.each(CASES)("figures of $name decisions", (reference) => {
  const decisions = Float64Array.from(reference.decisions);
  const labels = reference.labels.map((label) => label === 1);
  const ranking = rankingOf(decisions, labels);

  it("are scikit-learn's accuracies and area under the curve", () => {
    const found = separation(decisions, labels);
    for (const key of ["accuracy", "balanced", "majority", "auc"] as const) {
      expect(found[key]).toBeCloseTo(reference[key], 12);
    }
  });

  it("have the ROC curve of scikit-learn, corner by corner", () => {
    const curve = rocCurve(ranking, Infinity);
    expect(curve).toHaveLength(reference.roc.length);
    curve.forEach(([x, y], corner) => {
      expect(x).toBeCloseTo(reference.roc[corner]?.[0] ?? NaN, 12);
      expect(y).toBeCloseTo(reference.roc[corner]?.[1] ?? NaN, 12);
    });
  });

  it("keep corners of that curve when it is thinned out, without a hole", () => {
    const all = new Set(rocCurve(ranking, Infinity).map((corner) => corner.join()));
    const thinned = rocCurve(ranking, 41);
    expect(thinned.length).toBeLessThanOrEqual(41);
    expect(thinned[0]).toEqual([0, 0]);
    expect(thinned.at(-1)).toEqual([1, 1]);
    expect(thinned.every((corner) => all.has(corner.join()))).toBe(true);
    // A hole is at most two strides long, or one step that ties or few faces make.
    const along = (corner: readonly number[] | undefined): number => (corner?.[0] ?? 0) + (corner?.[1] ?? 0);
    const steps = rocCurve(ranking, Infinity).map(
      (corner, at, curve) => along(corner) - along(curve[at - 1]),
    );
    const longest = Math.max(...thinned.map((corner, at) => along(corner) - along(thinned[at - 1])));
    expect(longest).toBeLessThanOrEqual(2 * (2 / 40) + Math.max(...steps) + 1e-9);
  });

  it("have a bootstrap interval like that of other random numbers", () => {
    const [low, high] = areaInterval(ranking, 5);
    const width = reference.interval[1] - reference.interval[0];
    expect(Math.abs(low - reference.interval[0])).toBeLessThanOrEqual(0.12 * width + 1e-12);
    expect(Math.abs(high - reference.interval[1])).toBeLessThanOrEqual(0.12 * width + 1e-12);
    expect(areaInterval(ranking, 5)).toEqual([low, high]);
    expect(low).toBeLessThanOrEqual(areaUnder(ranking));
    expect(high).toBeGreaterThanOrEqual(areaUnder(ranking));
  });

  it("have numpy's histogram", () => {
    expect(histogramOf(decisions)).toEqual(reference.histogram);
  });

  it("have scikit-learn's share of explained variance and numpy's correlation", () => {
    const found = regressionQuality(
      decisions.map((decision) => 2.5 * decision),
      reference.values,
    );
    expect(found.r2).toBeCloseTo(reference.r2, 10);
    expect(found.pearson).toBeCloseTo(reference.pearson, 10);
  });
});
