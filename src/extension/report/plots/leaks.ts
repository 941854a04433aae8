import type { Changes, ConditioningRecord } from "../../../engine/files";
import type { Figure } from "../figure";
import { change } from "../numbers";
import { groupedBars } from "./groupedBars";

export interface LeakWords {
  readonly caption: string;
  readonly before: string;
  readonly after: string;
  readonly projection: string;
  readonly gradient: string;
  readonly change: string;
  readonly attributeHeading: string;
  readonly attribute: (name: string) => string;
  /** Which of the two ways left less, as a sentence. */
  readonly verdict: (projection: string, gradient: string, better: "projection" | "gradient") => string;
}

/** How far the attributes that a direction was freed of still move: before, after, and by either way of conditioning. */
export function leakBars({ method, on, leaks }: ConditioningRecord, words: LeakWords): Figure | undefined {
  if (leaks === undefined) return undefined;
  const { before, after, projection, gradient } = leaks;
  const ways: readonly (readonly [string, Changes | undefined])[] = [
    [words.before, before],
    [words.projection, projection],
    [words.gradient, gradient],
    // What the document's own way gave is shown already where both ways were tried.
    [words.after, (method === "projection" ? projection : gradient) === undefined ? after : undefined],
  ];
  const series = ways.filter((way): way is readonly [string, Changes] => way[1] !== undefined);
  const groups = on.map((name) => ({
    name: words.attribute(name),
    values: series.map(([, changes]) => magnitude(changes[name])),
  }));
  const names = series.map(([name]) => name);
  return {
    caption: words.caption,
    note: verdict(on, before, projection, gradient, words),
    svg: groupedBars(
      `${words.caption}: ${groups.map(({ name }) => name).join(", ")}`,
      groups,
      names,
      words.change,
      change,
    ),
    legend: names.map((name, index) => ({ series: index + 1, name })),
    table: {
      head: [words.attributeHeading, ...names],
      rows: on.map((name) => [words.attribute(name), ...series.map(([, changes]) => change(changes[name]))]),
    },
  };
}

function verdict(
  on: readonly string[],
  before: Changes,
  projection: Changes | undefined,
  gradient: Changes | undefined,
  words: LeakWords,
): string | undefined {
  if (projection === undefined || gradient === undefined) return undefined;
  const total = length(on, before);
  if (!(total > 0)) return undefined;
  const [left, right] = [length(on, projection) / total, length(on, gradient) / total];
  const rest = (part: number): string => `${Math.round(part * 100)}%`;
  return words.verdict(rest(left), rest(right), left < right ? "projection" : "gradient");
}

/** Euclidean length of the changes of some attributes. */
function length(on: readonly string[], changes: Changes): number {
  return Math.hypot(...on.map((name) => changes[name] ?? 0));
}

const magnitude = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.abs(value);
