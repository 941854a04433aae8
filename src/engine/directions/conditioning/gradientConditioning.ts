import { RfmError, type DirectionDocument, type Edit } from "../../files";
import { solvePositiveDefinite } from "../fitting/cholesky";
import { dot, lengthOf, minus, products, unit } from "../vectors";
import type { Conditioned, Metric } from "./condition";
import type { ScoredFaces, ScoringHooks } from "./scoredFaces";

/** How often the shares are corrected by what re-scored faces did; the second time changes little. */
const CORRECTIONS = 2;

/** Gradients of scores that say the same (or of one twice) make no unsolvable system. */
const LEAST_SOFTNESS = 1e-9;
/** What is shorter than this share of the direction is rounding. */
const NOTHING = 1e-6;

/** What conditioning by gradients works with. */
export interface GradientProblem {
  /** The direction's numbers, [D] or [L * D]. */
  readonly direction: Float64Array;
  /** Mean gradients of the other scores, in deviations, of the direction's form. */
  readonly gradients: readonly Float64Array[];
  /**
   * How softly each score is held, as a share of the gradients' mean size: 0 frees the direction of it wholly. Where many
   * scores are held at once, a little softness keeps the direction's strength. Default: all 0.
   */
  readonly softness?: readonly number[];
  /** Columns of those scores. */
  readonly columns: readonly number[];
  /** Column of the direction's own score. */
  readonly own: number;
  readonly metric: Metric;
  /** The edit by one sigma along a vector of the direction's form. */
  readonly editAlong: (vector: Float64Array) => Edit;
  /** Faces on which the shares are corrected. */
  readonly faces: Pick<ScoredFaces, "changeAtRise">;
}

/**
 * Frees a direction of other scores by their gradients. A first guess goes along the direction in the metric S without what
 * moves the scores to first order, at the faces as they are (as {@link conditionIn} does):
 *
 *     v = S d - U (G^T U + R)^-1 U^T d,   G the gradients, U = S G, R the softness on the diagonal.
 *
 * Scores bend along an edit, so what is left is then measured: seeded faces are edited until their own score has risen by
 * `rise` deviations, and re-scored. By the mean value theorem a score's mean change is the product of the step and its
 * gradient averaged along the edit; hence the shares of the gradients that take the measured changes out again, a Newton step on
 * as many unknowns as there are scores:
 *
 *     v <- v - U (G^T U + R)^-1 c / a,   c the changes, a the step's length.
 *
 * Gradients averaged along the edit instead cost two runs backwards where this costs one forwards, and leave the faces'
 * chance in the result, for a few dozen faces are all that one can afford.
 *
 * @param rise of the own score, in deviations
 * @throws RfmError("usage") where nothing is left of the direction.
 */
export async function conditionByGradients(
  problem: GradientProblem,
  rise: number,
  hooks: ScoringHooks = {},
): Promise<Conditioned> {
  const { gradients, columns, own, metric, editAlong, faces } = problem;
  const direction = unit(problem.direction);
  const images = gradients.map(metric);
  const freed = (vector: Float64Array, changes: Float64Array): Float64Array => {
    const matrix = withSoftness(products(gradients, images), problem.softness ?? columns.map(() => 0));
    return minus(vector, solvePositiveDefinite(matrix, changes), images);
  };
  const target = metric(direction);
  const guess = freed(
    target,
    Float64Array.from(gradients, (gradient) => dot(gradient, target)),
  );
  if (!(lengthOf(guess) > NOTHING * lengthOf(target))) {
    throw new RfmError(
      "usage",
      "Nothing is left of the direction once it moves none of those scores; condition it on fewer.",
    );
  }
  let vector = unit(guess);
  let amount = 1;
  for (let round = 0; round < CORRECTIONS; round++) {
    const edit = { ...editAlong(vector), amount };
    const { change, ...found } = await faces.changeAtRise(edit, own, rise, hooks);
    amount = found.amount;
    const step = amount * (edit.direction.sigma ?? 1);
    vector = unit(
      freed(
        vector,
        Float64Array.from(columns, (column) => (change[column] ?? NaN) / step),
      ),
    );
  }
  if (!vector.every(Number.isFinite)) {
    throw new RfmError(
      "usage",
      "The scores of edited faces are not finite, so the direction cannot be conditioned; check the scorer.",
    );
  }
  return { vector, cosine: dot(vector, direction) };
}

/** Adds to the diagonal of G^T U what makes each score be held softly. */
function withSoftness(matrix: Float64Array, softness: readonly number[]): Float64Array {
  const k = softness.length;
  let mean = 0;
  for (let i = 0; i < k; i++) mean += (matrix[i * k + i] ?? 0) / k;
  softness.forEach((share, i) => {
    matrix[i * k + i] = (matrix[i * k + i] ?? 0) + (share + LEAST_SOFTNESS) * mean;
  });
  return matrix;
}

/** d score / d w+ [L, D] as what it means for a direction: summed over its layers in w, on its layers alone in w+. */
export function gradientAlong(
  gradient: Float64Array,
  { space, layers: [start, end], shape }: DirectionDocument,
  dimension: number,
): Float64Array {
  const single = space !== "w+" || shape.length === 1;
  const result = new Float64Array(single ? dimension : gradient.length);
  for (let at = start * dimension; at < end * dimension; at++) {
    const to = single ? at % dimension : at;
    result[to] = (result[to] ?? 0) + (gradient[at] ?? 0);
  }
  return result;
}
