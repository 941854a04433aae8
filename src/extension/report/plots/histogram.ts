import type { Figure } from "../figure";
import { markup, type Histogram } from "../../../engine/files";
import { plain } from "../numbers";
import { AREA, linear, place, plainTicks, plot } from "./canvas";

export interface HistogramWords {
  readonly caption: string;
  readonly score: string;
  readonly faces: string;
  readonly threshold: string;
}

/** The label set's scores, in two colours where the threshold cuts them; its line stands where the positive class begins. */
export function scoreHistogram(
  { low, high, counts }: Histogram,
  threshold: number | undefined,
  words: HistogramWords,
): Figure {
  const most = Math.max(1, ...counts);
  const x = linear([low, high], [AREA.left, AREA.right]);
  const y = linear([0, most], [AREA.bottom, AREA.top]);
  const width = (high - low) / counts.length;
  const bounds = counts.map((_, index) => [low + index * width, low + (index + 1) * width] as const);
  const bars = counts.map((count, index) => {
    const [from, to] = bounds[index] ?? [low, high];
    const positive = threshold !== undefined && (from + to) / 2 >= threshold;
    return markup`<rect class="bar series-${positive ? 2 : 1}" x="${place(x(from))}" y="${place(y(count))}" width="${place(Math.max(0, x(to) - x(from) - 0.5))}" height="${place(AREA.bottom - y(count))}"><title>${`${plain(from)} – ${plain(to)}: ${count}`}</title></rect>`;
  });
  const mark =
    threshold === undefined || threshold < low || threshold > high
      ? markup``
      : markup`<path class="threshold" d="M${place(x(threshold))} ${AREA.top}V${AREA.bottom}"><title>${`${words.threshold}: ${plain(threshold)}`}</title></path>`;
  return {
    caption: words.caption,
    note: threshold === undefined ? undefined : `${words.threshold}: ${plain(threshold)}`,
    svg: plot(
      `${words.caption}: ${plain(low)} – ${plain(high)}`,
      { scale: x, ticks: plainTicks(low, high), label: words.score },
      { scale: y, ticks: plainTicks(0, most, 5), label: words.faces },
      ...bars,
      mark,
    ),
    table: {
      head: [words.score, words.faces],
      rows: counts.map((count, index) => {
        const [from, to] = bounds[index] ?? [low, high];
        return [`${plain(from)} – ${plain(to)}`, String(count)];
      }),
    },
  };
}
