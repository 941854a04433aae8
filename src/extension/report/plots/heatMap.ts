import type { Entanglement } from "../../../engine/directions";
import type { Figure } from "../figure";
import { markup } from "../../../engine/files";
import { change } from "../numbers";
import { picture, place } from "./canvas";

export interface HeatMapWords {
  readonly caption: string;
  readonly note: string;
  readonly direction: string;
}

const CELL = { width: 42, height: 22 };
const NAMES = 130;
const HEAD = 104;
/** A cell this far from zero has its full colour; text stays readable on it. */
const FULL = 1;
const STRONGEST = 0.6;

/** How far each attribute moves per step along each direction: the darker, the farther; two colours for up and down. */
export function heatMap({ rows, columns, values }: Entanglement, words: HeatMapWords): Figure {
  const left = (column: number): number => NAMES + column * CELL.width;
  const top = (row: number): number => HEAD + row * CELL.height;
  const heads = columns.map((name, column) => {
    const x = left(column) + CELL.width / 2;
    return markup`<text class="tick" transform="translate(${x + 3} ${HEAD - 6}) rotate(-50)">${name}</text>`;
  });
  const lines = rows.map((name, row) => {
    const cells = columns.map((column, index) =>
      cell(values[row]?.[index], `${name} → ${column}`, left(index), top(row)),
    );
    return markup`<text class="tick end" x="${NAMES - 8}" y="${top(row) + CELL.height / 2}" dy="0.35em">${name}</text>${cells}`;
  });
  return {
    caption: words.caption,
    note: words.note,
    wide: true,
    svg: picture(words.caption, left(columns.length) + 60, top(rows.length) + 4, ...heads, ...lines),
    table: {
      head: [words.direction, ...columns],
      rows: rows.map((name, row) => [name, ...columns.map((_, column) => change(values[row]?.[column]))]),
    },
  };
}

function cell(value: number | undefined, title: string, x: number, y: number) {
  const strength = Math.min(1, Math.abs(value ?? 0) / FULL) * STRONGEST;
  const kind = value === undefined ? "unknown" : value < 0 ? "fall" : "rise";
  return markup`<g><title>${`${title}: ${change(value)}`}</title><rect class="cell ${kind}" fill-opacity="${place(strength)}" x="${x}" y="${y}" width="${CELL.width - 1}" height="${CELL.height - 1}" /><text class="tick middle" x="${x + CELL.width / 2}" y="${y + CELL.height / 2}" dy="0.35em">${change(value)}</text></g>`;
}
