import { describe, expect, it } from "vitest";
import { linear, logarithmic, ticks } from "../../../../src/extension/report/plots/canvas";
import { heatMap } from "../../../../src/extension/report/plots/heatMap";
import { scoreHistogram } from "../../../../src/extension/report/plots/histogram";
import { layerBars } from "../../../../src/extension/report/plots/layerBars";
import { learningCurve } from "../../../../src/extension/report/plots/learningCurve";
import { rocCurve } from "../../../../src/extension/report/plots/roc";

const numbersIn = (svg: string, attribute: string, series: number): number[] =>
  [
    ...svg.matchAll(new RegExp(`class="(?:bar|dot) series-${series}"[^>]* ${attribute}="(-?[\\d.]+)"`, "g")),
  ].map(([, value]) => Number(value));

describe("scales", () => {
  it("map the ends to the ends, and one value to the middle", () => {
    expect([2, 4, 3].map(linear([2, 4], [10, 0]))).toEqual([10, 0, 5]);
    expect(linear([2, 2], [10, 0])(2)).toBe(5);
    expect([1, 10, 100].map(logarithmic([1, 100], [0, 2]))).toEqual([0, 1, 2]);
  });

  it("have round ticks inside the range", () => {
    expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks(-0.31, 0.2)).toEqual([-0.2, 0, 0.2].map((value) => value));
    expect(ticks(0, 12_345)).toEqual([0, 5000, 10_000]);
    expect(ticks(3, 3)).toEqual([3]);
  });
});

describe("learningCurve", () => {
  const words = {
    caption: "Learning",
    faces: "faces",
    held: "held out",
    auc: "AUC",
    accuracy: "acc",
    balanced: "bal",
  };

  it("orders fits by their faces; more faces stand further right, better ones higher", () => {
    const figure = learningCurve(
      [
        { train: 4000, accuracy: 0.9, auc: 0.95 },
        { train: 1000, accuracy: 0.8, auc: 0.85 },
        { train: 2000, accuracy: 0.85, auc: 0.9 },
      ],
      words,
    );
    const [xs, ys] = [numbersIn(figure.svg.text, "cx", 1), numbersIn(figure.svg.text, "cy", 1)];
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    // Doublings are equally far from each other.
    expect((xs[1] ?? 0) - (xs[0] ?? 0)).toBeCloseTo((xs[2] ?? 0) - (xs[1] ?? 0), 1);
    expect(ys).toEqual([...ys].sort((a, b) => b - a));
    // Without balanced accuracy everywhere there is no such line.
    expect(figure.legend?.map(({ name }) => name)).toEqual(["AUC", "acc"]);
    expect(figure.table.rows).toEqual([
      ["1000", "0.850", "0.800"],
      ["2000", "0.900", "0.850"],
      ["4000", "0.950", "0.900"],
    ]);
  });

  it("stands a fit that is perfect on all sizes", () => {
    const { svg } = learningCurve(
      [1000, 2000].map((train) => ({ train, accuracy: 1, auc: 1 })),
      words,
    );
    expect(svg.text).not.toContain("NaN");
  });
});

describe("scoreHistogram", () => {
  const words = { caption: "Scores", score: "score", faces: "faces", threshold: "from" };
  const histogram = { low: -2, high: 2, counts: [1, 4, 2, 0] };

  it("colours the positive side and marks the threshold", () => {
    const { svg, table } = scoreHistogram(histogram, 0, words);
    const heights = [...numbersIn(svg.text, "height", 1), ...numbersIn(svg.text, "height", 2)];
    const most = Math.max(...heights);
    expect(heights.map((height) => Math.round((height / most) * 100) / 100)).toEqual([0.25, 1, 0.5, 0]);
    expect(numbersIn(svg.text, "x", 2)).toHaveLength(2);
    expect(svg.text).toContain('class="threshold"');
    expect(table.rows[1]).toEqual(["-1 – 0", "4"]);
  });

  it("leaves out a threshold beyond the scores", () => {
    expect(scoreHistogram(histogram, 3, words).svg.text).not.toContain('class="threshold"');
  });
});

describe("rocCurve", () => {
  it("tells a curve of many points in few rows, with both ends", () => {
    const points = Array.from({ length: 4001 }, (_, i) => [i / 4000, Math.sqrt(i / 4000)] as const);
    const words = { caption: "ROC", falsePositive: "fpr", truePositive: "tpr", chance: "chance" };
    const { table } = rocCurve(points, words);
    expect(table.rows.length).toBeLessThanOrEqual(22);
    expect(table.rows[0]).toEqual(["0.000", "0.000"]);
    expect(table.rows.at(-1)).toEqual(["1.000", "1.000"]);
  });
});

describe("layerBars", () => {
  it("ranks by strength, whichever way the score moves", () => {
    const words = {
      caption: "Layers",
      own: "own",
      others: "others",
      change: "change",
      layerHeading: "Layer",
      layer: (layer: number) => `L${layer}`,
    };
    const effects = [0.1, -0.9, 0.4].map((own, layer) => ({ layer, own, others: 0.05 }));
    const { table, svg } = layerBars(effects, words);
    expect(table.rows.map(([name, own]) => [name, own])).toEqual([
      ["L1", "−0.90"],
      ["L2", "+0.40"],
      ["L0", "+0.10"],
    ]);
    const widths = numbersIn(svg.text, "width", 1);
    expect((widths[1] ?? 0) / (widths[0] ?? 1)).toBeCloseTo(0.4 / 0.9, 2);
  });
});

describe("heatMap", () => {
  it("is the stronger coloured the farther an attribute moves, in two colours", () => {
    const { svg, table } = heatMap(
      { rows: ["a"], columns: ["x", "y", "z"], values: [[0.5, -5, undefined]] },
      { caption: "Map", note: "", direction: "d" },
    );
    const cells = [...svg.text.matchAll(/class="cell (\w+)" fill-opacity="([\d.]+)"/g)];
    expect(cells.map(([, kind]) => kind)).toEqual(["rise", "fall", "unknown"]);
    expect(Number(cells[0]?.[2])).toBeLessThan(Number(cells[1]?.[2]));
    expect(Number(cells[1]?.[2])).toBeLessThanOrEqual(1);
    expect(table.rows).toEqual([["a", "+0.50", "−5.00", "–"]]);
  });
});
