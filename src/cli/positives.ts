import { RfmError } from "../engine/files";

/** Which faces are examples, and of which class. */
export interface Examples {
  /** Numbers of the faces that take part, ascending. */
  readonly faces: readonly number[];
  /** For each of them whether it is positive. */
  readonly labels: readonly boolean[];
  /** Scores at least this high are positive. */
  readonly threshold: number;
}

/**
 * Where an attribute begins: a number, or `q0.8` for that quantile of the scores; without a choice 0.5 where all scores
 * are 0 or 1, and 0 otherwise (logits).
 */
export function thresholdOf(scores: Float32Array, choice: number | string | undefined): number {
  if (typeof choice === "number") return choice;
  if (choice === undefined) return scores.every((score) => score === 0 || score === 1) ? 0.5 : 0;
  const share = Number(choice.slice(1));
  const sorted = Float32Array.from(scores).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/**
 * Splits faces by their scores, leaving out of each class the share `dropMiddle` that lies nearest to the threshold.
 *
 * @param dropMiddle in [0, 1)
 * @throws RfmError("usage") where one class would have no face.
 */
export function splitExamples(scores: Float32Array, threshold: number, dropMiddle = 0): Examples {
  const order = Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  const negatives = order.filter((face) => (scores[face] ?? 0) < threshold);
  const positives = order.slice(negatives.length);
  if (negatives.length === 0 || positives.length === 0) {
    throw new RfmError(
      "usage",
      `All scores lie on one side of the threshold ${threshold}; choose another by --threshold, for example q0.5.`,
    );
  }
  const kept = (count: number): number => Math.max(1, Math.round(count * (1 - dropMiddle)));
  const chosen = [...negatives.slice(0, kept(negatives.length)), ...positives.slice(-kept(positives.length))];
  const faces = chosen.sort((a, b) => a - b);
  return { faces, labels: faces.map((face) => (scores[face] ?? 0) >= threshold), threshold };
}
