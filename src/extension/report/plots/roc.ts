import type { Figure } from "../figure";
import { markup } from "../../../engine/files";
import { share } from "../numbers";
import { AREA, line, linear, place, plainTicks, plot } from "./canvas";

export interface RocWords {
  readonly caption: string;
  readonly falsePositive: string;
  readonly truePositive: string;
  readonly chance: string;
}

/** The table shows no more points than this: the curve has hundreds. */
const MOST_ROWS = 21;

/** The ROC curve on held-out faces, beside the diagonal of guessing. */
export function rocCurve(points: readonly (readonly [number, number])[], words: RocWords): Figure {
  const x = linear([0, 1], [AREA.left, AREA.right]);
  const y = linear([0, 1], [AREA.bottom, AREA.top]);
  const stride = Math.max(1, Math.ceil((points.length - 1) / (MOST_ROWS - 1)));
  const rows = points
    .filter((_, index) => index % stride === 0 || index === points.length - 1)
    .map(([falsePositive, truePositive]) => [share(falsePositive), share(truePositive)]);
  return {
    caption: words.caption,
    svg: plot(
      words.caption,
      { scale: x, ticks: plainTicks(0, 1), label: words.falsePositive },
      { scale: y, ticks: plainTicks(0, 1), label: words.truePositive },
      markup`<path class="line series-4" d="M${place(x(0))} ${place(y(0))}L${place(x(1))} ${place(y(1))}"><title>${words.chance}</title></path>`,
      line(
        1,
        points.map(([falsePositive, truePositive]) => [x(falsePositive), y(truePositive)]),
      ),
    ),
    table: { head: [words.falsePositive, words.truePositive], rows },
  };
}
