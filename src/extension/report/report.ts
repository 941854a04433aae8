import type { DirectionsReport, Entanglement, ReportedDirection } from "../../engine/directions";
import { drawFigure, drawTable, type Figure } from "./figure";
import { detailsOf, summaryTable } from "./facts";
import { markup, type Markup } from "../../engine/files";
import { heatMap } from "./plots/heatMap";
import { scoreHistogram } from "./plots/histogram";
import { layerBars } from "./plots/layerBars";
import { leakBars } from "./plots/leaks";
import { learningCurve } from "./plots/learningCurve";
import { rocCurve } from "./plots/roc";
import type { ReportWords } from "./reportWords";

/** What a report page shows. */
export interface Report extends DirectionsReport {
  readonly title: string;
}

/** The report's content: the same markup on the page in VS Code and in the exported file. */
export function drawReport({ title, directions, entanglement }: Report, words: ReportWords): Markup {
  const alone = directions.length === 1;
  const parts = [
    markup`<header><h1>${title}</h1>${origin(directions, words)}</header>`,
    markup`<h2>${words.quality}</h2>`,
    markup`<div class="scroll">${drawTable(summaryTable(directions, words), words.quality)}</div>`,
    markup`<p class="note">${words.honest}</p>`,
    ...(entanglement === undefined
      ? []
      : [drawFigure(heatMap(named(entanglement, words), words.heatMap), words.numbers)]),
    ...directions.map((direction) => section(direction, alone, words)),
  ];
  return markup`<main>${parts}</main>`;
}

/** Where the numbers come from: models and label sets. */
function origin(directions: readonly ReportedDirection[], words: ReportWords): Markup {
  const models = distinct(directions.map(({ model }) => model.name));
  const sets = distinct(
    directions.flatMap(({ labelSet }) => (labelSet === undefined ? [] : [labelSet.name])),
  );
  const facts = [
    `${words.model}: ${models.join(", ")}`,
    ...(sets.length > 0 ? [`${words.labelSet}: ${sets.join(", ")}`] : []),
  ];
  return markup`<p class="origin">${facts.join(" · ")}</p>`;
}

function section(direction: ReportedDirection, open: boolean, words: ReportWords): Markup {
  const facts = detailsOf(direction, words).map(
    ({ label, value }) => markup`<div><dt>${label}</dt><dd>${value}</dd></div>`,
  );
  const figures = figuresOf(direction, words).map((figure) => drawFigure(figure, words.numbers));
  const note =
    direction.conditioning !== undefined && direction.auc !== undefined
      ? markup`<p class="note">${words.conditionedFigures}</p>`
      : undefined;
  const content = markup`<dl class="facts">${facts}</dl>${note}<div class="figures">${figures}</div>`;
  const name = words.attribute(direction.attribute);
  return open
    ? markup`<section><h2>${name}</h2>${content}</section>`
    : markup`<details class="direction"><summary><h2>${name}</h2></summary>${content}</details>`;
}

/** The plots that a document has data for. */
export function figuresOf(direction: ReportedDirection, words: ReportWords): Figure[] {
  const { learningCurve: curve, roc, histogram, threshold, layerEffects, conditioning } = direction;
  const figures: (Figure | undefined)[] = [
    curve !== undefined && curve.length > 1 ? learningCurve(curve, words.learningCurve) : undefined,
    roc !== undefined && roc.length > 1 ? rocCurve(roc, words.roc) : undefined,
    histogram !== undefined && histogram.counts.length > 0 && histogram.high > histogram.low
      ? scoreHistogram(histogram, threshold, words.histogram)
      : undefined,
    layerEffects !== undefined && layerEffects.length > 0 ? layerBars(layerEffects, words.layers) : undefined,
    conditioning !== undefined ? leakBars(conditioning, words.leaks) : undefined,
  ];
  return figures.filter((figure) => figure !== undefined);
}

function named({ rows, columns, values }: Entanglement, { attribute }: ReportWords): Entanglement {
  return { rows: rows.map(attribute), columns: columns.map(attribute), values };
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)];
