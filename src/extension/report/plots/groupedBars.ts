import { markup, type Markup } from "../../../engine/files";
import { linear, picture, place, rounded, ticks } from "./canvas";

/** Bars side by side for one thing; `undefined` leaves a gap. */
export interface BarGroup {
  readonly name: string;
  /** One value per series. */
  readonly values: readonly (number | undefined)[];
}

const WIDTH = 360;
const NAMES = 118;
const BAR = 9;
const GAP = 8;
const FOOT = 34;

/** Horizontal bars in groups, from the top, on one axis with zero in it. @param write a value as it is told */
export function groupedBars(
  summary: string,
  groups: readonly BarGroup[],
  series: readonly string[],
  label: string,
  write: (value: number | undefined) => string,
): Markup {
  const values = groups.flatMap((group) => group.values).filter((value) => value !== undefined);
  const low = Math.min(0, ...values);
  const high = Math.max(low === 0 ? 1e-9 : 0, ...values);
  const x = linear([low, high], [NAMES, WIDTH - 14]);
  const step = series.length * BAR + GAP;
  const bottom = groups.length * step;
  const rows = groups.map(({ name, values: own }, group) => {
    const top = group * step + GAP / 2;
    const bars = own.map((value, index) => {
      if (value === undefined) return markup``;
      const [from, to] = [Math.min(x(0), x(value)), Math.max(x(0), x(value))];
      return markup`<rect class="bar series-${index + 1}" x="${place(from)}" y="${place(top + index * BAR)}" width="${place(to - from)}" height="${BAR - 1}"><title>${`${name}, ${series[index] ?? ""}: ${write(value)}`}</title></rect>`;
    });
    return markup`<text class="tick end" x="${NAMES - 6}" y="${place(top + (series.length * BAR) / 2)}" dy="0.35em">${name}</text>${bars}`;
  });
  const scale = ticks(low, high, 6).map(
    (value) =>
      markup`<path class="grid" d="M${place(x(value))} 0V${bottom}" /><text class="tick middle" x="${place(x(value))}" y="${bottom + 14}">${rounded(value)}</text>`,
  );
  return picture(
    summary,
    WIDTH,
    bottom + FOOT,
    ...scale,
    ...rows,
    markup`<path class="axis" d="M${place(x(0))} 0V${bottom}" />`,
    markup`<text class="label middle" x="${WIDTH / 2}" y="${bottom + 29}">${label}</text>`,
  );
}
