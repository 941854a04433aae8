import type { CodeSpace } from "../models";

/** What tells the space of a model's codes: only those of a model in z have one row. */
interface Rows {
  /** Rows of a code. */
  readonly layers: number;
}

/** Where whole codes of a model lie. */
export function spaceOfCodes({ layers }: Rows): CodeSpace {
  return layers === 1 ? "z" : "w+";
}

/** Where single rows of a model's codes lie. */
export function spaceOfRow(model: Rows): "z" | "w" {
  return spaceOfCodes(model) === "z" ? "z" : "w";
}
