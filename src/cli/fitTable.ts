import type { ReportedDirection } from "../engine/directions";

const HEAD = [
  "attribute",
  "positives",
  "accuracy (majority)",
  "balanced",
  "AUC [95% interval]",
  "nonzero",
  "RFM's figure",
  "best layers",
];
/** Layers named in the table. */
const LAYERS = 3;
/** What the columns mean, under the table. */
const NOTES = [
  "accuracy, balanced, AUC: on held-out faces; majority: what always giving the commoner answer reaches;",
  "RFM's figure: accuracy of its own protocol on its training faces / on all others;",
];

/** `rfm fit`'s table for people: one line for each direction. */
export function fitTable(directions: readonly ReportedDirection[]): string {
  const regression = directions.some((direction) => direction.regression !== undefined);
  const head = regression ? [...HEAD, "r2, r"] : HEAD;
  const lines = [head, ...directions.map((direction) => cells(direction, regression))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  const drawn = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [...drawn, ...NOTES].join("\n");
}

function cells(direction: ReportedDirection, regression: boolean): string[] {
  const { attribute, samples, accuracy, auc, aucInterval, coefficients, protocol, layerEffects } = direction;
  const all = (samples?.train ?? 0) + (samples?.test ?? 0);
  // Without held-out faces there is the training figure only, and it says so.
  const shown =
    accuracy?.test === undefined ? `${percent(accuracy?.train)} in training` : percent(accuracy.test);
  const positives = samples === undefined ? "-" : `${samples.positive} of ${all}`;
  return [
    attribute,
    positives,
    `${shown} (${percent(accuracy?.majority)})`,
    percent(accuracy?.balanced),
    auc === undefined ? "-" : `${fixed(auc)} [${(aucInterval ?? []).map(fixed).join(", ")}]`,
    coefficients === undefined ? "-" : `${coefficients.nonZero} of ${coefficients.of}`,
    protocol === undefined ? "-" : `${percent(protocol.accuracy.train)} / ${percent(protocol.accuracy.rest)}`,
    bestLayers(layerEffects),
    ...(regression ? [regressionCell(direction)] : []),
  ];
}

function bestLayers(effects: ReportedDirection["layerEffects"]): string {
  const raising = (effects ?? []).filter(({ own }) => own > 0).slice(0, LAYERS);
  return raising.length === 0 ? "-" : raising.map(({ layer }) => layer).join(", ");
}

function regressionCell({ regression }: ReportedDirection): string {
  return regression === undefined ? "-" : `${fixed(regression.r2)}, ${fixed(regression.pearson)}`;
}

function percent(share: number | undefined): string {
  return share === undefined ? "-" : `${(share * 100).toFixed(1)}%`;
}

function fixed(value: number): string {
  return value.toFixed(3);
}
