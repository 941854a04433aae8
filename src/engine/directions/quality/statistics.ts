import { areaUnder, rankingOf } from "./ranking";

/** How well scores tell two classes apart; every number in [0, 1]. */
export interface Separation {
  readonly accuracy: number;
  /** Mean of the two classes' own accuracies. */
  readonly balanced: number;
  /** What always answering the commoner class would reach. */
  readonly majority: number;
  readonly auc: number;
}

/**
 * Judges decision values (positive class where >= 0) against labels. A class without examples counts as wholly right,
 * and the area under the curve is then 0.5.
 */
export function separation(decisions: Float64Array, labels: ArrayLike<boolean>): Separation {
  let positives = 0;
  let rightPositives = 0;
  let rightNegatives = 0;
  decisions.forEach((decision, i) => {
    if (labels[i] === true) {
      positives++;
      if (decision >= 0) rightPositives++;
    } else if (decision < 0) rightNegatives++;
  });
  const count = decisions.length;
  const negatives = count - positives;
  const share = (right: number, of: number): number => (of === 0 ? 1 : right / of);
  return {
    accuracy: share(rightPositives + rightNegatives, count),
    balanced: (share(rightPositives, positives) + share(rightNegatives, negatives)) / 2,
    majority: share(Math.max(positives, negatives), count),
    auc: areaUnderCurve(decisions, labels),
  };
}

/** Share of decision values, positive where >= 0, that agree with the classes +1 and -1; float64. */
export function accuracyOf(decisions: Float64Array, classes: Int8Array): number {
  let right = 0;
  for (let i = 0; i < decisions.length; i++) {
    if ((decisions[i] as number) >= 0 === (classes[i] as number) > 0) right++;
  }
  return right / decisions.length;
}

/** Probability that a positive example scores higher than a negative one, ties counting half (Mann and Whitney). */
export function areaUnderCurve(decisions: Float64Array, labels: ArrayLike<boolean>): number {
  return areaUnder(rankingOf(decisions, labels));
}

/** Standard deviation (divided by n) of the rows' coordinates along a vector; float64 sums. */
export function sigmaAlong(rows: Float32Array, dimension: number, vector: ArrayLike<number>): number {
  const n = rows.length / dimension;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    let dot = 0;
    for (let j = 0; j < dimension; j++) dot += (rows[i * dimension + j] as number) * (vector[j] as number);
    sum += dot;
    squares += dot * dot;
  }
  return Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
}
