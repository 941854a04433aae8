import type { Column } from "../../labels";
import { nearestNames } from "./nearestNames";
import type { FitChoices, FitFailure } from "./fitChoices";
import type { BoundaryFit, Target } from "../fitting/target";
import {
  classesOf,
  oneSided,
  scoresProblem,
  thresholdOf,
  thresholdProblem,
  withoutMiddle,
} from "../quality/examples";
import type { HeldOutSplit } from "../quality/heldOut";

/** One attribute, ready to be fitted. */
export interface AttributeExamples {
  readonly column: Column;
  readonly threshold: number;
  /** [n]: +1 or -1 for every face. */
  readonly classes: Int8Array;
  /** Faces to train on, the middle left out. */
  readonly train: Int32Array;
  /** Where the scores themselves are fitted: these have mean 0 and deviation 1, so that C means the same for years and logits. */
  readonly scale: { readonly mean: number; readonly deviation: number };
}

/** The columns that were asked for; failures name the others with the names that are most like them. */
export function chooseColumns(
  columns: readonly Column[],
  wanted: readonly string[] | undefined,
): { chosen: readonly Column[]; failures: readonly FitFailure[] } {
  if (wanted === undefined) return { chosen: columns, failures: [] };
  const names = columns.map(({ name }) => name);
  const unknown = [...new Set(wanted)].filter((name) => !names.includes(name));
  return {
    chosen: columns.filter(({ name }) => wanted.includes(name)),
    failures: unknown.map((name) => ({ attribute: name, message: unknownAttribute(name, names) })),
  };
}

function unknownAttribute(name: string, names: readonly string[]): string {
  const near = nearestNames(name, names);
  const offer = near.length > 0 ? `did you mean ${near.join(" or ")}` : `choose of ${names.join(", ")}`;
  return `The labels have no such attribute; ${offer}${near.length > 0 ? "?" : "."}`;
}

/** Prepares one attribute, or says in a sentence why it has no two classes to tell apart. */
export function examplesOf(
  column: Column,
  faces: number,
  split: HeldOutSplit,
  choices: FitChoices,
): AttributeExamples | string {
  const { scores } = column;
  const problem = column.problem ?? scoresProblem(scores, faces);
  if (problem !== undefined) return problem;
  const choice = choices.thresholds?.[column.name] ?? choices.threshold ?? column.threshold;
  const misread = typeof choice === "string" ? thresholdProblem(choice) : undefined;
  if (misread !== undefined) return misread;
  const threshold = thresholdOf(scores, choice);
  const classes = classesOf(scores, threshold);
  const isSplit = oneSided(classes, split.train, threshold, "scores of the faces to train on");
  if (isSplit !== undefined && choices.penalty !== "lasso") {
    const everywhere = Int32Array.from(classes.keys());
    return oneSided(classes, everywhere, threshold, "scores") ?? isSplit;
  }
  const train =
    isSplit === undefined
      ? withoutMiddle(scores, threshold, split.train, choices.dropMiddle ?? 0)
      : split.train;
  return { column, threshold, classes, train, scale: scaleOf(scores, train) };
}

/** What the solver shall fit: rows of `faces` take part, in a target for `rows` faces in the order of `place`. */
export function targetOf(
  { classes, column, scale }: AttributeExamples,
  faces: Int32Array,
  penalty: FitChoices["penalty"],
  size: number,
  place: (face: number) => number = (face) => face,
): Target {
  if (penalty !== "lasso") {
    const signs = new Int8Array(size);
    for (const face of faces) signs[place(face)] = classes[face] as number;
    return { kind: "classes", signs };
  }
  const values = new Float64Array(size).fill(NaN);
  for (const face of faces)
    values[place(face)] = ((column.scores[face] as number) - scale.mean) / scale.deviation;
  return { kind: "values", values };
}

/** A boundary between classes by a fit: positive where weights.x + intercept >= 0. */
export function boundaryOf(
  fit: BoundaryFit,
  { scale, threshold }: AttributeExamples,
  penalty: FitChoices["penalty"],
): Pick<BoundaryFit, "weights" | "intercept"> {
  if (penalty !== "lasso") return fit;
  const { mean, deviation } = scale;
  return {
    weights: fit.weights.map((weight) => weight * deviation),
    intercept: fit.intercept * deviation + mean - threshold,
  };
}

function scaleOf(scores: Float32Array, faces: Int32Array): { mean: number; deviation: number } {
  let [mean, squares] = [0, 0];
  for (const face of faces) mean += (scores[face] as number) / faces.length;
  for (const face of faces) squares += ((scores[face] as number) - mean) ** 2 / faces.length;
  return { mean, deviation: Math.sqrt(squares) || 1 };
}
