import { RfmError } from "../../files";
import { symmetricEigen } from "../discovery/symmetricEigen";
import { minus, orthonormalBasis, products, unit } from "../vectors";

/** Vectors of which no more than this lies outside of the span of the others are taken for sums of them. */
const SMALLEST = 1e-3;

/**
 * The orthonormal vectors that lie nearest to some unit vectors, all of them treated alike (Loewdin's symmetric
 * orthogonalisation, V (V^T V)^(-1/2)): the sum of squared distances to the given ones is the least possible, and their
 * order does not matter.
 *
 * @throws RfmError("usage") where one of them is a sum of the others.
 */
export function orthogonaliseAlike(vectors: readonly Float64Array[]): Float64Array[] {
  const n = vectors.length;
  const units = vectors.map(unit);
  const { values, vectors: axes } = symmetricEigen(products(units, units), n);
  if (values.some((value) => !(value > SMALLEST ** 2))) throw dependent();
  const entry = (i: number, j: number): number =>
    values.reduce(
      (sum, value, k) => sum + ((axes[k * n + i] ?? 0) * (axes[k * n + j] ?? 0)) / Math.sqrt(value),
      0,
    );
  return units.map((vector, i) =>
    minus(
      new Float64Array(vector.length),
      units.map((_, j) => -entry(i, j)),
      units,
    ),
  );
}

/**
 * Orthonormal vectors by Gram and Schmidt: the first stays, each later one loses what it shares with those before.
 *
 * @throws RfmError("usage") where one is a sum of those before.
 */
export function orthogonaliseInOrder(vectors: readonly Float64Array[]): Float64Array[] {
  const basis = orthonormalBasis(vectors, SMALLEST);
  if (basis.length < vectors.length) throw dependent();
  return basis;
}

function dependent(): RfmError {
  return new RfmError(
    "usage",
    "The directions cannot be made orthogonal, for one of them is a sum of the others; leave it out.",
  );
}
