import type { DirectionDocument } from "../../files";

/** A direction as its report needs it: everything but the numbers of its vector. */
export type ReportedDirection = Omit<DirectionDocument, "vector">;

/** How far each attribute moves along each direction, in its standard deviations per sigma of the edit. */
export interface Entanglement {
  /** Directions. */
  readonly rows: readonly string[];
  /** Attributes that the scorer gave: first those that have a direction, in the order of the rows. */
  readonly columns: readonly string[];
  /** [rows][columns]; undefined where it was not measured. */
  readonly values: readonly (readonly (number | undefined)[])[];
}

/** The data of a report page. */
export interface DirectionsReport {
  readonly directions: readonly ReportedDirection[];
  /** Missing where no direction's effect was measured. */
  readonly entanglement: Entanglement | undefined;
}

/** What a report on some directions shows; drawing it is its readers' part. */
export function reportOf(documents: readonly DirectionDocument[]): DirectionsReport {
  return {
    directions: documents.map((document) => {
      const { vector: _, ...facts } = document;
      return facts;
    }),
    entanglement: entanglementOf(documents),
  };
}

/** The rows are the directions' measured effects, divided by the edit's amount. */
export function entanglementOf(documents: readonly DirectionDocument[]): Entanglement | undefined {
  const measured = documents.flatMap(({ attribute, effect }) =>
    effect === undefined || effect.amount === 0 ? [] : [{ attribute, ...effect }],
  );
  if (measured.length === 0) return undefined;
  const rows = measured.map(({ attribute }) => attribute);
  const scored = new Set(measured.flatMap(({ change }) => Object.keys(change)));
  const columns = [...new Set([...rows.filter((name) => scored.has(name)), ...scored])];
  return {
    rows,
    columns,
    values: measured.map(({ change, amount }) =>
      columns.map((name) => {
        const moved = Object.hasOwn(change, name) ? change[name] : undefined;
        return moved === undefined ? undefined : moved / amount;
      }),
    ),
  };
}
