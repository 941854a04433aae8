import { RfmError } from "../../files";
import { solvePositiveDefinite } from "../fitting/cholesky";

/** A direction freed of others. */
export interface Conditioned {
  /** Unit length. */
  readonly vector: Float32Array;
  /** Cosine of the angle to the direction before. */
  readonly cosine: number;
}

/**
 * Takes out of a direction what points along any of the others (InterFaceGAN's projection, for many at once): the result
 * is the nearest vector orthogonal to all of them. Given slopes of scores, those scores stay where they are to first order.
 *
 * @throws RfmError("usage") where nothing is left.
 */
export function projectOff(direction: ArrayLike<number>, others: readonly ArrayLike<number>[]): Conditioned {
  return conditionIn((vector) => vector, direction, others);
}

/**
 * The same, in the geometry of the codes: among all steps of one standard deviation that leave the other scores where they
 * are, the one that crosses the boundary fastest,
 *
 *     v = S d - S B (B^T S B)^-1 B^T S d,   S the covariance of the codes, B the other scores' slopes.
 *
 * A boundary's normal d has large entries where codes hardly vary; a step along it leaves the faces there are and
 * changes little on the way. S d goes where faces are.
 *
 * @param covariance row-major [d, d]
 * @throws RfmError("usage") where nothing is left.
 */
export function conditionByCovariance(
  direction: ArrayLike<number>,
  slopes: readonly ArrayLike<number>[],
  covariance: Float64Array,
): Conditioned {
  const d = direction.length;
  const apply = (vector: Float64Array): Float64Array =>
    Float64Array.from({ length: d }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (covariance[i * d + j] as number) * (vector[j] as number);
      return sum;
    });
  return conditionIn(apply, direction, slopes);
}

function conditionIn(
  metric: (vector: Float64Array) => Float64Array,
  direction: ArrayLike<number>,
  others: readonly ArrayLike<number>[],
): Conditioned {
  const start = unit(Float64Array.from(direction));
  const axes = independent(others);
  const images = axes.map(metric);
  const target = metric(start);
  const gram = Float64Array.from({ length: axes.length ** 2 }, (_, at) =>
    dot(axes[Math.floor(at / axes.length)], images[at % axes.length]),
  );
  const shares = solvePositiveDefinite(
    gram,
    Float64Array.from(axes, (axis) => dot(axis, target)),
  );
  const rest = target.map((value, i) =>
    images.reduce((sum, image, k) => sum - (shares[k] as number) * (image[i] as number), value),
  );
  if (length(rest) < 1e-6 * length(target)) {
    throw new RfmError(
      "usage",
      "The direction lies wholly along those it shall be freed of; condition it on fewer.",
    );
  }
  const vector = unit(rest);
  return { vector: Float32Array.from(vector), cosine: dot(vector, start) };
}

/** An orthonormal basis of what the vectors span, by Gram and Schmidt twice over. */
function independent(vectors: readonly ArrayLike<number>[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    let rest = unit(Float64Array.from(vector));
    for (let pass = 0; pass < 2; pass++) {
      for (const axis of basis) {
        const along = dot(axis, rest);
        rest = rest.map((value, i) => value - along * (axis[i] as number));
      }
    }
    // What the earlier ones already span would add nothing but float32 rounding.
    if (length(rest) > 1e-6) basis.push(unit(rest));
  }
  return basis;
}

function dot(a: ArrayLike<number> = [], b: ArrayLike<number> = []): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function length(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

function unit(vector: Float64Array): Float64Array {
  const size = length(vector);
  return size > 0 ? vector.map((value) => value / size) : vector;
}
