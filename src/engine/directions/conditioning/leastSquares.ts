import { solvePositiveDefinite } from "../fitting/cholesky";
import { centredGram } from "../fitting/gram";

/** Covariance of codes [n, d] (divided by n), row-major [d, d]. */
export function covarianceOf(rows: Float32Array, d: number): Float64Array {
  const n = rows.length / d;
  const problem = { rows, n, d, signs: new Int8Array(n), costs: new Float64Array(n) };
  const columns = Int32Array.from({ length: d }, (_, j) => j);
  return centredGram(problem, new Float64Array(n).fill(1 / n), columns, 1);
}

/**
 * Slopes of several scores with respect to w, by ridge regression with an intercept: those that minimise
 * mean (y - y0 - b.w)^2 + ridge * (mean variance of a coordinate) * |b|^2. By Stein's lemma they are, on normally
 * distributed codes, the mean gradient of whatever function made the scores: how far each score moves per step along each
 * coordinate, without differentiating anything.
 *
 * @param rows codes [n, d]
 * @param scores [n, a]
 * @param covariance of the rows
 * @returns a slopes, each [d]
 */
export function scoreSlopes(
  rows: Float32Array,
  scores: Float32Array,
  a: number,
  covariance: Float64Array,
  ridge = 1e-3,
): Float64Array[] {
  const d = Math.round(Math.sqrt(covariance.length));
  const n = rows.length / d;
  const matrix = Float64Array.from(covariance);
  let trace = 0;
  for (let j = 0; j < d; j++) trace += matrix[j * d + j] as number;
  for (let j = 0; j < d; j++) matrix[j * d + j] = (matrix[j * d + j] as number) + (ridge * trace) / d;
  return Array.from({ length: a }, (_, column) => {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (scores[i * a + column] as number) / n;
    const right = new Float64Array(d);
    // Centring one side is enough: the other one's mean then multiplies a sum of zero.
    for (let i = 0; i < n; i++) {
      const y = ((scores[i * a + column] as number) - mean) / n;
      for (let j = 0; j < d; j++) right[j] = (right[j] as number) + y * (rows[i * d + j] as number);
    }
    return solvePositiveDefinite(Float64Array.from(matrix), right);
  });
}
