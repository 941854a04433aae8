/** A symmetric matrix A = V^T T V with the tridiagonal matrix T and the orthogonal matrix V. */
export interface Tridiagonal {
  /** Diagonal of T, [n]. */
  readonly diagonal: Float64Array;
  /** beside[i] stands between diagonal[i] and diagonal[i+1]; the last entry is 0. */
  readonly beside: Float64Array;
  /** V, row-major [n,n]. */
  readonly vectors: Float64Array;
}

/** Sums of squares below it are nothing beside entries of size 1, and their reciprocals would overflow. */
const NOTHING = 1e-280;

/**
 * Brings a symmetric matrix to tridiagonal form by Householder reflections (Golub and Van Loan, algorithm 8.3.1).
 * Its entries should be of size 1 at most.
 *
 * @param a row-major [n,n], **used as working space**; the lower triangle counts
 */
export function tridiagonalise(a: Float64Array, n: number): Tridiagonal {
  const beside = new Float64Array(n);
  const factors = new Float64Array(n);
  mirror(a, n);
  const products = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    // The row right of the diagonal is replaced by the vector that its reflection is made of.
    const reflected = a.subarray(k * n + k + 1, (k + 1) * n);
    const { factor, value } = reflection(reflected);
    beside[k] = value;
    factors[k] = factor;
    if (factor !== 0) reflectBoth(a, n, k + 1, reflected, factor, products);
  }
  if (n >= 2) beside[n - 2] = a[(n - 2) * n + n - 1] as number;
  const diagonal = Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number);
  return { diagonal, beside, vectors: transformation(a, n, factors) };
}

function mirror(a: Float64Array, n: number): void {
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < row; column++) a[column * n + row] = a[row * n + column] as number;
  }
}

/** Turns x into v such that (1 - factor * v v^T) x = [value, 0, ...]; a factor of 0 leaves everything as it is. */
function reflection(x: Float64Array): { factor: number; value: number } {
  let rest = 0;
  for (let i = 1; i < x.length; i++) rest += (x[i] as number) ** 2;
  const first = x[0] as number;
  if (rest < NOTHING) return { factor: 0, value: first };
  const length = Math.sqrt(first ** 2 + rest);
  // Away from x, so that nothing cancels.
  const value = first > 0 ? -length : length;
  x[0] = first - value;
  return { factor: 2 / ((first - value) ** 2 + rest), value };
}

/** A := H A H for the block of A from `start` on, H = 1 - factor * v v^T: A - v q^T - q v^T. */
function reflectBoth(
  a: Float64Array,
  n: number,
  start: number,
  v: Float64Array,
  factor: number,
  q: Float64Array,
): void {
  const size = v.length;
  let overlap = 0;
  for (let i = 0; i < size; i++) {
    const row = (start + i) * n + start;
    let sum = 0;
    for (let j = 0; j < size; j++) sum += (a[row + j] as number) * (v[j] as number);
    q[i] = factor * sum;
    overlap += factor * sum * (v[i] as number);
  }
  const share = (factor / 2) * overlap;
  for (let i = 0; i < size; i++) q[i] = (q[i] as number) - share * (v[i] as number);
  for (let i = 0; i < size; i++) {
    const row = (start + i) * n + start;
    const [vi, qi] = [v[i] as number, q[i] as number];
    for (let j = 0; j < size; j++) {
      a[row + j] = (a[row + j] as number) - vi * (q[j] as number) - qi * (v[j] as number);
    }
  }
}

/** The product of all reflections, last one leftmost, from their vectors in the upper triangle. */
function transformation(a: Float64Array, n: number, factors: Float64Array): Float64Array {
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let k = n - 3; k >= 0; k--) {
    const factor = factors[k] as number;
    if (factor === 0) continue;
    const v = a.subarray(k * n + k + 1, (k + 1) * n);
    for (let row = k + 1; row < n; row++) {
      const start = row * n + k + 1;
      let sum = 0;
      for (let j = 0; j < v.length; j++) sum += (vectors[start + j] as number) * (v[j] as number);
      sum *= factor;
      for (let j = 0; j < v.length; j++)
        vectors[start + j] = (vectors[start + j] as number) - sum * (v[j] as number);
    }
  }
  return vectors;
}
