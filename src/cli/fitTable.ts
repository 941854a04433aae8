import type { ReportedDirection } from "../engine/directions";

/** Layers named in the table. */
const LAYERS = 3;

interface TableColumn {
  readonly head: string;
  readonly cell: (direction: ReportedDirection) => string;
  /** What the column shows, under the table. */
  readonly note?: string;
  /** Always there, also where all cells are empty. */
  readonly always?: boolean;
}

const COLUMNS: readonly TableColumn[] = [
  { head: "attribute", cell: ({ attribute }) => attribute, always: true },
  {
    head: "positives",
    cell: ({ samples }) => (samples ? `${samples.positive} of ${samples.train + samples.test}` : "-"),
  },
  {
    head: "accuracy (majority)",
    // Without held-out faces there is the training figure only, and it says so.
    cell: ({ accuracy }) =>
      accuracy?.test === undefined
        ? `${percent(accuracy?.train)} in training`
        : `${percent(accuracy.test)} (${percent(accuracy.majority)})`,
    note: "accuracy, balanced, AUC: on held-out faces; majority: what always giving the commoner answer reaches",
  },
  { head: "balanced", cell: ({ accuracy }) => percent(accuracy?.balanced) },
  {
    head: "AUC [95% interval]",
    cell: ({ auc, aucInterval }) =>
      auc === undefined ? "-" : `${fixed(auc)} [${(aucInterval ?? []).map(fixed).join(", ")}]`,
  },
  {
    head: "r2, correlation",
    cell: ({ regression }) =>
      regression === undefined ? "-" : `${fixed(regression.r2)}, ${fixed(regression.pearson)}`,
  },
  {
    head: "nonzero",
    cell: ({ coefficients }) => (coefficients ? `${coefficients.nonZero} of ${coefficients.of}` : "-"),
  },
  {
    head: "RFM's figure",
    cell: ({ protocol }) =>
      protocol ? `${percent(protocol.accuracy.train)} / ${percent(protocol.accuracy.rest)}` : "-",
    note: "RFM's figure: accuracy of its own protocol, on its training faces / on all others",
  },
  {
    head: "effect",
    cell: ({ effect, attribute }) =>
      effect === undefined
        ? "-"
        : `${signed(effect.change[attribute])} at ${effect.amount}, ${percent(effect.right)} right`,
    note: "effect: mean change of the attribute, in deviations, by an edit of so many sigma; how many faces moved the right way",
  },
  {
    head: "best layers",
    cell: ({ layerEffects = [] }) =>
      layerEffects
        .filter(({ own }) => own > 0)
        .slice(0, LAYERS)
        .map(({ layer }) => layer)
        .join(", ") || "-",
  },
];

/** `rfm fit`'s table for people: one line for each direction; columns that nobody fills are left out. */
export function fitTable(directions: readonly ReportedDirection[]): string {
  const columns = COLUMNS.map((column) => ({ ...column, cells: directions.map(column.cell) })).filter(
    ({ always, cells }) => always === true || cells.some((cell) => cell !== "-"),
  );
  const lines = [-1, ...directions.keys()].map((row) =>
    columns
      .map(({ head, cells }) => {
        const width = Math.max(head.length, ...cells.map((cell) => cell.length));
        return (row < 0 ? head : (cells[row] ?? "")).padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  return [...lines, ...columns.flatMap(({ note }) => (note === undefined ? [] : [note]))].join("\n");
}

function percent(share: number | undefined): string {
  return share === undefined ? "-" : `${(share * 100).toFixed(1)}%`;
}

function fixed(value: number): string {
  return value.toFixed(3);
}

function signed(value = NaN): string {
  return `${value > 0 ? "+" : ""}${value.toFixed(2)}`;
}
