import { RfmError } from "../../files";
import { solvePositiveDefinite } from "../fitting/cholesky";
import { dot, lengthOf, minus, orthonormalBasis, products, unit } from "../vectors";

/** What others already span adds nothing but float32 rounding. */
const SMALLEST = 1e-6;

/** A direction freed of others. */
export interface Conditioned {
  /** Unit length. */
  readonly vector: Float64Array;
  /** Cosine of the angle to the direction before. */
  readonly cosine: number;
}

/** A symmetric positive semidefinite matrix, as what it does to a vector. */
export type Metric = (vector: Float64Array) => Float64Array;

/**
 * Takes out of a direction what points along any of the others (InterFaceGAN's projection, for many at once): the result
 * is the nearest vector orthogonal to all of them.
 *
 * @throws RfmError("usage") where nothing is left.
 */
export function projectOff(direction: ArrayLike<number>, others: readonly ArrayLike<number>[]): Conditioned {
  return conditionIn((vector) => vector, direction, others);
}

/**
 * The same in the geometry of a metric S: among all steps v with v^T S^-1 v = 1 that have no part along the others, the one
 * that goes furthest along d,
 *
 *     v = S d - S B (B^T S B)^-1 B^T S d,   B the others.
 *
 * With S the covariance of the codes those are the steps of one standard deviation. A boundary's normal d has large
 * entries where codes hardly vary; a step along it leaves the faces there are and changes little on the way. S d goes where
 * faces are.
 *
 * @param others whatever must not change, as covectors: boundaries' normals, or gradients of scores, which then stay where
 * they are to first order
 * @throws RfmError("usage") where nothing is left.
 */
export function conditionIn(
  metric: Metric,
  direction: ArrayLike<number>,
  others: readonly ArrayLike<number>[],
): Conditioned {
  const start = unit(Float64Array.from(direction));
  const axes = orthonormalBasis(others, SMALLEST);
  const images = axes.map(metric);
  const target = metric(start);
  const shares = solvePositiveDefinite(
    products(axes, images),
    Float64Array.from(axes, (axis) => dot(axis, target)),
  );
  const rest = minus(target, shares, images);
  if (lengthOf(rest) < SMALLEST * lengthOf(target)) {
    throw new RfmError(
      "usage",
      "The direction lies wholly along those it shall be freed of; condition it on fewer.",
    );
  }
  const vector = unit(rest);
  return { vector, cosine: dot(vector, start) };
}
