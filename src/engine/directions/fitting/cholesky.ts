/**
 * Solves A x = b for a symmetric positive definite A by Cholesky's factorisation.
 * @param matrix row-major [k, k]; its lower triangle is overwritten by the factor
 */
export function solvePositiveDefinite(matrix: Float64Array, right: Float64Array): Float64Array {
  const k = right.length;
  for (let a = 0; a < k; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = matrix[a * k + b] as number;
      for (let c = 0; c < b; c++) sum -= (matrix[a * k + c] as number) * (matrix[b * k + c] as number);
      matrix[a * k + b] = a === b ? Math.sqrt(Math.max(sum, 1e-300)) : sum / (matrix[b * k + b] as number);
    }
  }
  const x = Float64Array.from(right);
  for (let a = 0; a < k; a++) {
    let sum = x[a] as number;
    for (let c = 0; c < a; c++) sum -= (matrix[a * k + c] as number) * (x[c] as number);
    x[a] = sum / (matrix[a * k + a] as number);
  }
  for (let a = k - 1; a >= 0; a--) {
    let sum = x[a] as number;
    for (let c = a + 1; c < k; c++) sum -= (matrix[c * k + a] as number) * (x[c] as number);
    x[a] = sum / (matrix[a * k + a] as number);
  }
  return x;
}
