import type { Figure } from "../figure";
import { markup, type LearningPoint } from "../../../engine/files";
import { share } from "../numbers";
import { AREA, line, linear, logarithmic, place, plainTicks, plot } from "./canvas";

export interface LearningCurveWords {
  readonly caption: string;
  readonly faces: string;
  readonly held: string;
  readonly auc: string;
  readonly accuracy: string;
  readonly balanced: string;
}

/** Between two ticks, in pixels of the drawing. */
const LEAST_DISTANCE = 34;

/** How good fits on ever more faces are, all judged on the same held-out ones; the faces on a logarithmic axis. */
export function learningCurve(points: readonly LearningPoint[], words: LearningCurveWords): Figure {
  const ordered = [...points].sort((a, b) => a.train - b.train);
  const balanced = ordered.every((point) => point.balanced !== undefined);
  const series = [
    { name: words.auc, values: ordered.map(({ auc }) => auc) },
    { name: words.accuracy, values: ordered.map(({ accuracy }) => accuracy) },
    ...(balanced ? [{ name: words.balanced, values: ordered.map((point) => point.balanced ?? NaN) }] : []),
  ];
  const low = Math.floor((Math.min(...series.flatMap(({ values }) => values)) - 1e-9) * 20) / 20;
  const trains = ordered.map(({ train }) => train);
  const x = logarithmic([Math.min(...trains), Math.max(...trains)], [AREA.left + 12, AREA.right - 12]);
  const y = linear([low, 1], [AREA.bottom, AREA.top]);
  const marks = series.map(({ name, values }, index) => {
    const places = values.map((value, at) => [x(trains[at] ?? 1), y(value)] as const);
    const dots = places.map(
      ([left, top], at) =>
        markup`<circle class="dot series-${index + 1}" cx="${place(left)}" cy="${place(top)}" r="3"><title>${`${name}, ${trains[at] ?? 0}: ${share(values[at])}`}</title></circle>`,
    );
    return markup`${line(index + 1, places)}${dots}`;
  });
  const rows = ordered.map((point, at) => [
    String(point.train),
    ...series.map(({ values }) => share(values[at])),
  ]);
  return {
    caption: words.caption,
    svg: plot(
      `${words.caption}: ${rows.map(([train, auc]) => `${train ?? ""} ${words.faces}, ${words.auc} ${auc ?? ""}`).join("; ")}`,
      { scale: x, ticks: apart(trains, x), label: words.faces },
      { scale: y, ticks: plainTicks(low, 1, 6), label: words.held },
      ...marks,
    ),
    legend: series.map(({ name }, index) => ({ series: index + 1, name })),
    table: { head: [words.faces, ...series.map(({ name }) => name)], rows },
  };
}

/** Ticks whose texts do not run into each other; the last one, of the fit itself, is always among them. */
function apart(trains: readonly number[], x: (value: number) => number): { value: number; text: string }[] {
  const kept: number[] = [];
  for (const train of [...trains].reverse()) {
    const [next] = kept;
    if (next === undefined || x(next) - x(train) >= LEAST_DISTANCE) kept.unshift(train);
  }
  return kept.map((train) => ({ value: train, text: short(train) }));
}

/** 12000 as 12k, 1500 as 1.5k. */
function short(count: number): string {
  return count < 1000 ? String(count) : `${Math.round(count / 100) / 10}k`;
}
