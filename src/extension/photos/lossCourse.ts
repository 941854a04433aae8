import type { LossCourse } from "../../protocol/engine";
import type { Figure } from "../report/figure";
import { plain } from "../report/numbers";
import { AREA, line, linear, logarithmic, plainTicks, plot, ticks, type Axis } from "../report/plots/canvas";
import { markup, type Markup } from "../../engine/files";

export interface CourseWords {
  readonly caption: string;
  readonly iteration: string;
  readonly value: string;
  readonly part: string;
  readonly first: string;
  readonly last: string;
  /** A part of the loss, by the name that the engine gives it. */
  readonly name: (part: string) => string;
}

/** More lines than the style sheet tells apart are not drawn; the table has them all. */
const MOST_LINES = 13;
/** A loss this small or smaller is nothing: it would stretch the axis over empty decades. */
const SMALLEST = 1e-9;
/** So many powers of ten are told at the axis at most. */
const MOST_TICKS = 6;

interface Part {
  readonly name: string;
  readonly values: readonly number[];
}

/**
 * The parts of a loss against the iteration, unweighted, on a logarithmic axis: they differ by thousands. Nothing where there
 * are fewer than two points, or none that can be drawn.
 */
export function lossCourse({ iterations, losses }: LossCourse, words: CourseWords): Figure | undefined {
  const parts = ordered(losses).map(([name, values]) => ({
    name: words.name(name),
    values: values.slice(0, iterations.length),
  }));
  const drawable = parts.flatMap(({ values }) => values.filter(isDrawable));
  if (iterations.length < 2 || drawable.length === 0) return undefined;
  const [low, high] = [smallest(drawable), largest(drawable)];
  const [begin, end] = [smallest(iterations), largest(iterations)];
  const x = linear([begin, end], [AREA.left, AREA.right]);
  const y = logarithmic([low, high], [AREA.bottom, AREA.top]);
  const shown = parts.slice(0, MOST_LINES);
  const told = ({ name, values }: Part): string => `${name} ${plain(values[0])} → ${plain(values.at(-1))}`;
  return {
    caption: words.caption,
    svg: plot(
      `${words.caption}: ${words.iteration} ${begin} – ${end}; ${parts.map(told).join("; ")}`,
      { scale: x, ticks: plainTicks(begin, end, 5), label: words.iteration },
      { scale: y, ticks: decades(low, high), label: words.value },
      ...shown.flatMap((part, index) => lines(index + 1, iterations, part.values, { x, y })),
    ),
    legend: shown.map(({ name }, index) => ({ series: index + 1, name })),
    table: {
      head: [words.part, words.first, words.last],
      rows: parts.map(({ name, values }) => [name, plain(values[0]), plain(values.at(-1))]),
    },
  };
}

/** The sum first, then its parts as they come. */
function ordered(losses: LossCourse["losses"]): [string, readonly number[]][] {
  return Object.entries(losses).sort(([a], [b]) => Number(b === "total") - Number(a === "total"));
}

/** One line a stretch of values that can be drawn. */
function lines(
  series: number,
  iterations: readonly number[],
  values: readonly number[],
  { x, y }: { readonly x: (value: number) => number; readonly y: (value: number) => number },
): Markup[] {
  const stretches: [number, number][][] = [[]];
  iterations.forEach((iteration, index) => {
    const value = values[index] ?? NaN;
    if (isDrawable(value)) stretches.at(-1)?.push([x(iteration), y(value)]);
    else if (stretches.at(-1)?.length !== 0) stretches.push([]);
  });
  const drawn = stretches.filter((stretch) => stretch.length > 1);
  return drawn.length === 0 ? [markup``] : drawn.map((stretch) => line(series, stretch));
}

/** Powers of ten in [low, high], or round numbers where there are not two of them. */
function decades(low: number, high: number): Axis["ticks"] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last - first < 1) {
    const round = ticks(low, high, MOST_TICKS);
    return round.map((value) => ({ value, text: plain(value) }));
  }
  const step = Math.ceil((last - first + 1) / MOST_TICKS);
  const powers = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
  return powers.map((power) => ({ value: 10 ** power, text: tenTo(power) }));
}

/** 0.001 to 1000 as they are, others with an exponent. */
function tenTo(power: number): string {
  return Math.abs(power) <= 3 ? plain(10 ** power) : `1e${power}`;
}

const isDrawable = (value: number): boolean => Number.isFinite(value) && value > SMALLEST;
const smallest = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
