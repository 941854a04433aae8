import { markup, type Markup } from "../../engine/files";

/** Numbers with their headings; the first cell of a row is its heading. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One kind of mark in a plot; its looks are the style sheet's `.series-N`. */
export interface LegendEntry {
  readonly series: number;
  readonly name: string;
}

/** A plot with everything that tells the same in words. */
export interface Figure {
  readonly caption: string;
  /** A sentence below the plot. */
  readonly note?: string | undefined;
  readonly svg: Markup;
  readonly legend?: readonly LegendEntry[];
  readonly table: Table;
  /** Takes the width of the page. */
  readonly wide?: boolean;
}

/** A figure as part of a page: plot, legend, and the numbers as a table to unfold. */
export function drawFigure(
  { caption, note, svg, legend = [], table, wide }: Figure,
  numbers: string,
): Markup {
  const parts = [
    markup`<figcaption>${caption}</figcaption>`,
    markup`<div class="drawing">${svg}</div>`,
    ...(legend.length === 0 ? [] : [drawLegend(legend)]),
    ...(note === undefined ? [] : [markup`<p class="note">${note}</p>`]),
    markup`<details><summary>${numbers}</summary><div class="scroll">${drawTable(table, caption)}</div></details>`,
  ];
  return markup`<figure class="${wide === true ? "wide" : "plot"}">${parts}</figure>`;
}

/** A table with a caption for screen readers. */
export function drawTable({ head, rows }: Table, caption: string): Markup {
  const headings = head.map((text) => markup`<th scope="col">${text}</th>`);
  const body = rows.map(([first = "", ...cells]) => {
    const rest = cells.map((text) => markup`<td>${text}</td>`);
    return markup`<tr><th scope="row">${first}</th>${rest}</tr>`;
  });
  return markup`<table aria-label="${caption}"><thead><tr>${headings}</tr></thead><tbody>${body}</tbody></table>`;
}

function drawLegend(entries: readonly LegendEntry[]): Markup {
  const items = entries.map(
    ({ series, name }) =>
      markup`<li><svg class="swatch" viewBox="0 0 24 10" aria-hidden="true"><rect class="bar series-${series}" width="24" height="10" /><path class="line series-${series}" d="M0 5H24" /></svg>${name}</li>`,
  );
  return markup`<ul class="legend">${items}</ul>`;
}
