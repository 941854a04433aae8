import type { BoundaryFit } from "../fitting/target";
import { areaInterval, rankingOf, rocCurve } from "./ranking";
import { separation, type Separation } from "./statistics";

/** Values of the decision function of some faces: weights.x + intercept, float64. */
export function decisionsOf(
  rows: Float32Array,
  dimension: number,
  faces: Int32Array,
  { weights, intercept }: Pick<BoundaryFit, "weights" | "intercept">,
): Float64Array {
  const decisions = new Float64Array(faces.length);
  faces.forEach((face, index) => {
    const at = face * dimension;
    // Four sums that do not wait for each other.
    let [a, b, c, d, j] = [intercept, 0, 0, 0, 0];
    for (; j + 3 < dimension; j += 4) {
      a += (rows[at + j] as number) * (weights[j] as number);
      b += (rows[at + j + 1] as number) * (weights[j + 1] as number);
      c += (rows[at + j + 2] as number) * (weights[j + 2] as number);
      d += (rows[at + j + 3] as number) * (weights[j + 3] as number);
    }
    for (; j < dimension; j++) a += (rows[at + j] as number) * (weights[j] as number);
    decisions[index] = a + b + c + d;
  });
  return decisions;
}

/** How a boundary does on held-out faces. */
export interface Judgement extends Separation {
  readonly aucInterval: readonly [low: number, high: number];
  readonly roc: readonly (readonly [falsePositive: number, truePositive: number])[];
}

/**
 * Judges decision values, positive where >= 0.
 *
 * @param classes +1 or -1 for each
 * @param seed of the bootstrap
 */
export function judge(decisions: Float64Array, classes: Int8Array, seed: number): Judgement {
  const labels = Array.from(classes, (sign) => sign > 0);
  const ranking = rankingOf(decisions, labels);
  return {
    ...separation(decisions, labels),
    aucInterval: areaInterval(ranking, seed),
    roc: rocCurve(ranking),
  };
}
