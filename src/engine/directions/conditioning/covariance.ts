import { centredGram } from "../fitting/gram";

/** Covariance of codes [n, d] (divided by n), row-major [d, d]. */
export function covarianceOf(rows: Float32Array, d: number): Float64Array {
  const n = rows.length / d;
  const problem = { rows, n, d, signs: new Int8Array(n), costs: new Float64Array(n) };
  const columns = Int32Array.from({ length: d }, (_, j) => j);
  return centredGram(problem, new Float64Array(n).fill(1 / n), columns, 1);
}
