import type { Matrix } from "./plots/heatMap";
import type { ReportedDirection } from "./report";

/**
 * How far each attribute's score moves per sigma along each direction, from the effects that were measured; nothing where
 * none was. Columns that are directions too stand first, in the same order, so that the diagonal shows the own changes.
 */
export function entanglementOf(directions: readonly ReportedDirection[]): Matrix | undefined {
  const measured = directions.flatMap(({ attribute, effect }) =>
    effect === undefined || effect.amount === 0 ? [] : [{ attribute, effect }],
  );
  if (measured.length === 0) return undefined;
  const scored = new Set(measured.flatMap(({ effect }) => Object.keys(effect.change)));
  const own = measured.map(({ attribute }) => attribute).filter((name) => scored.delete(name));
  const columns = [...own, ...[...scored].sort()];
  return {
    rows: measured.map(({ attribute }) => attribute),
    columns,
    values: measured.map(({ effect }) =>
      columns.map((name) => {
        const moved = effect.change[name];
        return moved === undefined ? undefined : moved / effect.amount;
      }),
    ),
  };
}
