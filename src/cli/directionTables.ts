import type { DirectionDocument } from "../engine/files";

/** Attributes that may not move much with any of the others. */
const WATCHED = ["smile", "age", "gender"];

/** How well each direction's boundary tells faces apart, and what an edit along the direction does. */
export function qualityTable(documents: readonly DirectionDocument[]): string[] {
  return table(
    [
      "direction",
      "AUC (95%)",
      "balanced",
      "accuracy",
      "majority",
      "RFM's figure",
      "non-zero",
      "+2 sigma: right way",
      "own change",
      "largest other",
      "strongest layers",
    ],
    documents.map((document) => {
      const { attribute, auc, aucInterval, accuracy, protocol, coefficients, effect, layerEffects } =
        document;
      const [low, high] = aucInterval ?? [];
      return [
        attribute,
        `${fixed(auc, 3)} (${fixed(low, 3)}-${fixed(high, 3)})`,
        fixed(accuracy?.balanced, 3),
        fixed(accuracy?.test, 3),
        fixed(accuracy?.majority, 3),
        fixed(protocol?.accuracy.rest, 3),
        coefficients === undefined ? "-" : `${coefficients.nonZero} of ${coefficients.of}`,
        effect === undefined ? "-" : `${(effect.right * 100).toFixed(0)}%`,
        fixed(effect?.change[attribute], 2),
        largestOther(document),
        (layerEffects ?? [])
          .slice(0, 3)
          .map(({ layer }) => layer)
          .join(", "),
      ];
    }),
  );
}

/** What leaks from each direction before and after, by each way of conditioning. */
export function conditioningTable(documents: readonly DirectionDocument[]): string[] {
  const rows = documents.flatMap(({ attribute, conditioning }) =>
    WATCHED.filter((other) => conditioning?.on.includes(other)).map((other) => {
      const leaks = conditioning?.leaks;
      return [
        attribute,
        other,
        fixed(leaks?.before[other], 3),
        fixed(leaks?.projection?.[other], 3),
        fixed(leaks?.gradient?.[other], 3),
      ];
    }),
  );
  return table(["direction", "leaks into", "before", "projection", "gradient"], rows);
}

/** A page with the lines between `<!-- NAME -->` and `<!-- end of NAME -->` replaced. */
export function betweenMarkers(page: string, parts: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(parts).reduce((text, [name, lines]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) return text;
    return `${text.slice(0, from + start.length)}\n\n${lines.join("\n")}\n\n${text.slice(to)}`;
  }, page);
}

function largestOther({ attribute, effect }: DirectionDocument): string {
  const others = Object.entries(effect?.change ?? {}).filter(([name]) => name !== attribute);
  const [most] = others.sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  return most === undefined ? "-" : `${most[0]} ${most[1].toFixed(2)}`;
}

/** As Markdown, the columns aligned. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((name, column) =>
    Math.max(3, name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[], filling = " "): string =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width, filling)).join(" | ")} |`;
  return [line(head), line([], "-"), ...rows.map((row) => line(row))];
}

function fixed(value: number | undefined, digits: number): string {
  return value === undefined ? "-" : value.toFixed(digits);
}
