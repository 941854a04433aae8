/**
 * Overwrites the lower triangle of a symmetric positive definite matrix by its Cholesky factor L, A = L L^T. Four columns
 * of earlier results are taken off at a time, from rows that lie one after the other in memory.
 * @param matrix row-major [k, k]
 */
export function factorise(matrix: Float64Array, k: number): void {
  for (let a = 0; a < k; a++) {
    const rowA = a * k;
    for (let b = 0; b <= a; b++) {
      const rowB = b * k;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let c = 0;
      for (; c + 3 < b; c += 4) {
        s0 += (matrix[rowA + c] as number) * (matrix[rowB + c] as number);
        s1 += (matrix[rowA + c + 1] as number) * (matrix[rowB + c + 1] as number);
        s2 += (matrix[rowA + c + 2] as number) * (matrix[rowB + c + 2] as number);
        s3 += (matrix[rowA + c + 3] as number) * (matrix[rowB + c + 3] as number);
      }
      for (; c < b; c++) s0 += (matrix[rowA + c] as number) * (matrix[rowB + c] as number);
      const rest = (matrix[rowA + b] as number) - (s0 + s1 + s2 + s3);
      matrix[rowA + b] = a === b ? Math.sqrt(Math.max(rest, 1e-300)) : rest / (matrix[rowB + b] as number);
    }
  }
}

/** Solves L L^T x = b for the factor L that {@link factorise} left in the lower triangle. */
export function solveFactored(factor: Float64Array, right: Float64Array): Float64Array {
  const k = right.length;
  const x = Float64Array.from(right);
  for (let a = 0; a < k; a++) {
    let sum = x[a] as number;
    for (let c = 0; c < a; c++) sum -= (factor[a * k + c] as number) * (x[c] as number);
    x[a] = sum / (factor[a * k + a] as number);
  }
  for (let a = k - 1; a >= 0; a--) {
    const value = (x[a] as number) / (factor[a * k + a] as number);
    x[a] = value;
    for (let c = 0; c < a; c++) x[c] = (x[c] as number) - value * (factor[a * k + c] as number);
  }
  return x;
}

/**
 * Solves A x = b for a symmetric positive definite A by Cholesky's factorisation.
 * @param matrix row-major [k, k]; its lower triangle is overwritten by the factor
 */
export function solvePositiveDefinite(matrix: Float64Array, right: Float64Array): Float64Array {
  factorise(matrix, right.length);
  return solveFactored(matrix, right);
}
