import type { FitPenalty } from "../../engine/directions";
import type { AttributeEntry, FitParameters, LabelSetEntry } from "../../protocol/directions";

/** What the fit wizard asks for, with the answers that fit most people. */
export interface FitPlan {
  readonly labelSet: LabelSetEntry | undefined;
  readonly attributes: readonly string[];
  readonly penalty: FitPenalty;
  readonly C: number;
  readonly balanced: boolean;
  /** Nothing: each attribute's own. */
  readonly threshold: number | string | undefined;
  readonly dropMiddle: number;
  readonly measure: boolean;
  readonly output: string;
  /** Whether the finer questions are asked. */
  readonly more: boolean;
}

export const USUAL_PLAN: Omit<FitPlan, "labelSet" | "output"> = {
  attributes: [],
  penalty: "l1",
  C: 1,
  balanced: false,
  threshold: undefined,
  dropMiddle: 0,
  measure: true,
  more: false,
};

/** The plan as the engine takes it. */
export function choicesOf({
  penalty,
  C,
  balanced,
  threshold,
  dropMiddle,
}: FitPlan): FitParameters["choices"] {
  return {
    penalty,
    C,
    dropMiddle,
    // The lasso fits the scores themselves: it has no classes to weigh.
    classWeight: balanced && penalty !== "lasso" ? "balanced" : null,
    ...(threshold === undefined ? {} : { threshold }),
  };
}

/** `0.5`, `q0.9`, or nothing for each attribute's own; `problem` where it is none of these. */
export function parseThreshold(
  text: string,
): { readonly value: number | string | undefined } | { readonly problem: true } {
  const plain = text.trim();
  if (plain === "") return { value: undefined };
  const [, quantile, number] = /^(q)?([-+]?\d*\.?\d+(?:e[-+]?\d+)?)$/i.exec(plain) ?? [];
  const value = Number(number);
  if (number === undefined || !Number.isFinite(value)) return { problem: true };
  if (quantile === undefined) return { value };
  return value > 0 && value < 1 ? { value: `q${value}` } : { problem: true };
}

/** A share in percent, from 0 to less than 100, as a number in [0,1). */
export function parsePercent(text: string): number | undefined {
  const value = Number(text.trim().replace(/%$/, ""));
  return text.trim() !== "" && value >= 0 && value < 100 ? value / 100 : undefined;
}

/** A positive number. */
export function parsePositive(text: string): number | undefined {
  const value = Number(text.trim());
  return text.trim() !== "" && value > 0 && value <= 1e12 ? value : undefined;
}

/** Attributes by group, in the order of the label set. */
export function byGroup(attributes: readonly AttributeEntry[]): Map<string | undefined, AttributeEntry[]> {
  const groups = new Map<string | undefined, AttributeEntry[]>();
  for (const attribute of attributes) {
    const members = groups.get(attribute.group) ?? [];
    members.push(attribute);
    groups.set(attribute.group, members);
  }
  return groups;
}
