import { markup, type Markup } from "../../../engine/files";

/** Side lengths of a plot in its own units; the page scales it. */
export const WIDTH = 360;
export const HEIGHT = 220;
const MARGIN = { left: 44, right: 14, top: 10, bottom: 38 };

/** Where marks may go. */
export const AREA = {
  left: MARGIN.left,
  right: WIDTH - MARGIN.right,
  top: MARGIN.top,
  bottom: HEIGHT - MARGIN.bottom,
} as const;

/** From a value to a place. */
export type Scale = (value: number) => number;

/** The straight map of [a, b] to [p, q]; where a = b everything lies in the middle. */
export function linear([a, b]: readonly [number, number], [p, q]: readonly [number, number]): Scale {
  return a === b ? () => (p + q) / 2 : (value) => p + ((value - a) / (b - a)) * (q - p);
}

/** The same on the logarithms of positive numbers. */
export function logarithmic([a, b]: readonly [number, number], range: readonly [number, number]): Scale {
  const scale = linear([Math.log(a), Math.log(b)], range);
  return (value) => scale(Math.log(value));
}

/** Round numbers across [low, high], at most `most` of them: steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, most = 6): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => rounded((first + index) * step));
}

/** Without the noise of binary fractions: 0.30000000000000004 is 0.3. */
export function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

/** A place as it is written: two decimals are finer than a screen. */
export const place = (value: number): string => String(Math.round(value * 100) / 100);

/** One axis: its scale, its ticks as they are written, and what it measures. */
export interface Axis {
  readonly scale: Scale;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
  readonly label: string;
}

/** A plot with its axes around marks. @param summary what the plot shows, for those who do not see it */
export function plot(summary: string, x: Axis, y: Axis, ...marks: readonly Markup[]): Markup {
  const { left, right, top, bottom } = AREA;
  const rows = y.ticks.map(({ value, text }) => {
    const at = place(y.scale(value));
    return markup`<path class="grid" d="M${left} ${at}H${right}" /><text class="tick end" x="${left - 6}" y="${at}" dy="0.35em">${text}</text>`;
  });
  const columns = x.ticks.map(
    ({ value, text }) =>
      markup`<path class="grid" d="M${place(x.scale(value))} ${bottom}v4" /><text class="tick middle" x="${place(x.scale(value))}" y="${bottom + 15}">${text}</text>`,
  );
  const middle = (top + bottom) / 2;
  return picture(
    summary,
    WIDTH,
    HEIGHT,
    ...rows,
    ...columns,
    markup`<path class="axis" d="M${left} ${top}V${bottom}H${right}" />`,
    markup`<text class="label middle" x="${(left + right) / 2}" y="${HEIGHT - 6}">${x.label}</text>`,
    markup`<text class="label middle" transform="translate(11 ${middle}) rotate(-90)">${y.label}</text>`,
    ...marks,
  );
}

/** An SVG picture that says what it shows. */
export function picture(
  summary: string,
  width: number,
  height: number,
  ...content: readonly Markup[]
): Markup {
  return markup`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${summary}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`;
}

/** A line through points in the plot's units. */
export function line(series: number, points: readonly (readonly [x: number, y: number])[]): Markup {
  const path = points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${place(x)} ${place(y)}`).join("");
  return markup`<path class="line series-${series}" d="${path}" />`;
}

/** Ticks with their values as they are. */
export function plainTicks(low: number, high: number, most?: number): Axis["ticks"] {
  return ticks(low, high, most).map((value) => ({ value, text: String(value) }));
}
