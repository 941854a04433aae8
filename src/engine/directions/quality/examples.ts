import { RfmError } from "../../files";

/**
 * Where an attribute begins: a number, or `q0.8` for that quantile of the scores; without a choice 0.5 where all scores
 * are 0 or 1, and 0 otherwise (logits).
 *
 * @throws RfmError("usage") for other words.
 */
export function thresholdOf(scores: ArrayLike<number>, choice: number | string | undefined): number {
  if (typeof choice === "number") return choice;
  if (choice === undefined) {
    return Array.prototype.every.call(scores, (score) => score === 0 || score === 1) ? 0.5 : 0;
  }
  const problem = thresholdProblem(choice);
  if (problem !== undefined) throw new RfmError("usage", problem);
  const share = Number(choice.slice(1));
  const sorted = Float64Array.from(scores).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Why a text is no quantile such as `q0.8`: a sentence, or undefined where it is one. */
export function thresholdProblem(choice: string): string | undefined {
  const share = /^q\d*\.?\d+$/.test(choice) ? Number(choice.slice(1)) : NaN;
  return share >= 0 && share <= 1
    ? undefined
    : `The threshold "${choice}" is neither a number nor a quantile; give one such as 0, or q0.5 for the median.`;
}

/** +1 where a score reaches the threshold, else -1. */
export function classesOf(scores: ArrayLike<number>, threshold: number): Int8Array {
  return Int8Array.from(scores, (score) => (score >= threshold ? 1 : -1));
}

/**
 * What makes it impossible to tell two classes of faces apart by these scores.
 *
 * @returns a sentence without the attribute's name, or undefined
 */
export function scoresProblem(scores: ArrayLike<number>, faces: number): string | undefined {
  if (scores.length !== faces) {
    return `There are ${scores.length} scores for ${faces} codes; give one score for each code.`;
  }
  let strange = 0;
  let isConstant = true;
  for (let face = 0; face < faces; face++) {
    const score = scores[face] as number;
    if (!Number.isFinite(score)) strange++;
    if (score !== scores[0]) isConstant = false;
  }
  if (strange > 0) {
    return `${strange} of ${faces} scores ${strange === 1 ? "is" : "are"} NaN or infinite; label those faces again.`;
  }
  return isConstant
    ? `All ${faces} scores are ${scores[0] ?? "missing"}, so nothing tells faces with it from faces without; label more or other faces.`
    : undefined;
}

/** Says why a threshold makes no two classes of some faces, or undefined where it does. */
export function oneSided(
  classes: Int8Array,
  faces: Int32Array,
  threshold: number,
  part: string,
): string | undefined {
  const positives = faces.reduce((count, face) => count + (classes[face] === 1 ? 1 : 0), 0);
  if (positives > 0 && positives < faces.length) return undefined;
  const side = positives === 0 ? "below" : "at or above";
  return `All ${faces.length} ${part} lie ${side} the threshold ${plain(threshold)}, so that there is one class only; choose another threshold, for example the quantile q0.5, or label more faces.`;
}

/**
 * Leaves out of each class the share that lies nearest to the threshold; at least one face of each stays.
 *
 * @param faces numbers of the faces to choose from; their order is kept
 * @param share in [0, 1)
 */
export function withoutMiddle(
  scores: ArrayLike<number>,
  threshold: number,
  faces: Int32Array,
  share: number,
): Int32Array {
  if (share === 0) return faces;
  const scoreOf = (face: number): number => scores[face] as number;
  const kept = new Set<number>();
  for (const side of [1, -1]) {
    const own = faces.filter((face) => scoreOf(face) >= threshold === side > 0);
    const far = Array.from(own).sort((a, b) => side * (scoreOf(b) - scoreOf(a)) || a - b);
    for (const face of far.slice(0, Math.max(1, Math.round(own.length * (1 - share))))) kept.add(face);
  }
  return faces.filter((face) => kept.has(face));
}

/** A float32 score without the digits that it does not have. */
function plain(value: number): string {
  return String(Number(value.toPrecision(7)));
}
