import type { DirectionDocument } from "../../engine/files";
import type { Table } from "./figure";
import { change, count, percent, plain, share } from "./numbers";
import type { ReportWords } from "./reportWords";

type Facts = Omit<DirectionDocument, "vector">;

/** One fact of a direction in words. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** One line per direction: what was measured on held-out faces, and RFM's own figure beside it. */
export function summaryTable(directions: readonly Facts[], words: ReportWords): Table {
  const { facts } = words;
  const regression = directions.some((direction) => direction.regression !== undefined);
  return {
    head: [
      facts.attribute,
      facts.auc,
      facts.accuracy,
      facts.balanced,
      facts.majority,
      facts.protocol,
      facts.protocolRest,
      facts.positives,
      facts.nonZero,
      ...(regression ? [facts.regression] : []),
    ],
    rows: directions.map((direction) => [
      words.attribute(direction.attribute),
      auc(direction),
      percent(direction.accuracy?.test),
      percent(direction.accuracy?.balanced),
      percent(direction.accuracy?.majority),
      percent(direction.protocol?.accuracy.train),
      percent(direction.protocol?.accuracy.rest),
      positives(direction),
      nonZero(direction),
      ...(regression ? [regressionOf(direction)] : []),
    ]),
  };
}

/** The facts that have no place in the table, or need more words. */
export function detailsOf(direction: Facts, words: ReportWords): Fact[] {
  const { accuracy, samples, solver, sigma, layers, threshold, effect, conditioning, discovery } = direction;
  const { facts } = words;
  const found: (Fact | undefined)[] = [
    fact(facts.auc, direction.auc === undefined ? undefined : auc(direction)),
    fact(facts.accuracy, accuracy?.test && percent(accuracy.test)),
    fact(facts.trainAccuracy, accuracy?.train && percent(accuracy.train)),
    fact(facts.trainTest, samples && `${samples.train} / ${samples.test}`),
    fact(facts.dropped, samples?.dropped && count(samples.dropped)),
    fact(facts.threshold, threshold === undefined ? undefined : plain(threshold)),
    fact(facts.solver, solver && solverText(solver)),
    fact(facts.nonZero, direction.coefficients && nonZero(direction)),
    fact(facts.sigma, sigma && plain(sigma)),
    fact(facts.layers, `${layers[0]}–${layers[1]}`),
    fact(
      facts.effect,
      effect &&
        facts.effectOf(
          change(effect.amount),
          percent(effect.right),
          effect.faces,
          change(effect.change[direction.attribute]),
        ),
    ),
    fact(
      facts.conditioned,
      conditioning &&
        facts.conditionedOn(conditioning.method, conditioning.on.map(words.attribute).join(", ")),
    ),
    fact(facts.discovered, discovery && discovered(discovery, words)),
  ];
  return found.filter((one) => one !== undefined);
}

function auc({ auc: value, aucInterval: interval }: Facts): string {
  if (value === undefined || interval === undefined) return share(value);
  return `${share(value)} [${share(interval[0])}, ${share(interval[1])}]`;
}

function positives({ samples }: Facts): string {
  if (samples === undefined) return count(undefined);
  return `${samples.positive} (${percent(samples.positive / (samples.train + samples.test))})`;
}

function nonZero({ coefficients }: Facts): string {
  return coefficients === undefined ? count(undefined) : `${coefficients.nonZero} / ${coefficients.of}`;
}

function regressionOf({ regression }: Facts): string {
  return regression === undefined
    ? count(undefined)
    : `R² ${share(regression.r2)}, r ${share(regression.pearson)}`;
}

function solverText({ penalty, C, classWeight, iterations, gap }: NonNullable<Facts["solver"]>): string {
  const parts = [penalty.toUpperCase(), `C = ${plain(C)}`];
  if (typeof classWeight === "string") parts.push(classWeight);
  if (iterations !== undefined) parts.push(`${iterations} ×`);
  if (gap !== undefined) parts.push(`gap ${gap.toExponential(1)}`);
  return parts.join(", ");
}

function discovered(
  { method, component, share: part, description }: NonNullable<Facts["discovery"]>,
  { facts }: ReportWords,
): string {
  const text = facts.component(method === "sefa" ? "SeFa" : "PCA", component + 1, percent(part));
  return description === undefined ? text : `${text}: ${description}`;
}

function fact(label: string, value: string | 0 | undefined): Fact | undefined {
  return value === undefined || value === 0 ? undefined : { label, value };
}
