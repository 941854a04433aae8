import { gramOf, scalingOf } from "../fitting/products";

/** Covariance of codes [n, d] (divided by n), row-major [d, d]. */
export function covarianceOf(rows: Float32Array, d: number): Float64Array {
  const n = rows.length / d;
  const { mean } = scalingOf(rows, n, d);
  const everyRow = Int32Array.from({ length: n }, (_, i) => i);
  const scaling = { mean, deviation: new Float64Array(d).fill(1) };
  return gramOf({ rows, d }, everyRow, new Float64Array(n).fill(1 / n), scaling);
}
