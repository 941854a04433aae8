import { tridiagonalise, type Tridiagonal } from "./tridiagonalise";

/** The eigenvalues of a symmetric matrix, falling, with their eigenvectors. */
export interface EigenSystem {
  readonly values: Float64Array;
  /** Row-major [n,n]: row k is the unit eigenvector of value k, its entry of largest size positive. */
  readonly vectors: Float64Array;
}

/** Steps for one eigenvalue; QL with Wilkinson's shift takes about 1.7. */
const MAXIMUM_STEPS = 60;

/**
 * All eigenvalues and eigenvectors of a symmetric matrix: Householder's tridiagonalisation, then QL with implicit
 * shifts (Golub and Van Loan, Matrix Computations, sections 8.3.1 and 8.3.3). The error is of the order of the rounding
 * of float64 times the matrix's largest eigenvalue. Eigenvectors of equal eigenvalues are an arbitrary orthonormal basis.
 *
 * An eigenvector is fixed up to its sign; here its entry of largest size is positive (of several, the first).
 *
 * @param matrix row-major [n,n], not changed; the lower triangle counts
 * @throws RangeError where the matrix is not square or holds NaN or infinities
 */
export function symmetricEigen(matrix: Float64Array, n: number): EigenSystem {
  if (matrix.length !== n * n) throw new RangeError(`${matrix.length} numbers are no matrix of ${n}x${n}.`);
  const scale = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!Number.isFinite(scale)) throw new RangeError("The matrix holds numbers that are not finite.");
  const system = tridiagonalise(
    // Scaled to entries of at most 1, no square over- or underflows.
    matrix.map((value) => (scale === 0 ? 0 : value / scale)),
    n,
  );
  diagonalise(system);
  return sorted(system, scale);
}

/** Turns the tridiagonal matrix into a diagonal one by plane rotations, which the rows of `vectors` take part in. */
function diagonalise({ diagonal: d, beside: e, vectors }: Tridiagonal): void {
  const n = d.length;
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(at(d, i)) + Math.abs(at(e, i)));
  const negligible = Number.EPSILON * norm;
  for (let first = 0; first < n; first++) {
    for (let step = 0; ; step++) {
      let last = first;
      while (last < n - 1 && Math.abs(at(e, last)) > negligible) last++;
      if (last === first) break;
      if (step === MAXIMUM_STEPS) throw new RangeError("The eigenvalues do not converge.");
      qlStep(d, e, vectors, first, last);
    }
  }
}

/** One implicit QL step on the block [first, last], shifted by the eigenvalue of its leading 2x2 nearer to d[first]. */
function qlStep(d: Float64Array, e: Float64Array, vectors: Float64Array, first: number, last: number): void {
  const n = d.length;
  const half = (at(d, first + 1) - at(d, first)) / (2 * at(e, first));
  const root = Math.hypot(half, 1);
  let g = at(d, last) - at(d, first) + at(e, first) / (half + (half >= 0 ? root : -root));
  let [s, c, p] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = s * at(e, i);
    const b = c * at(e, i);
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      // The rotation fell into a deflated place: the block splits here.
      d[i + 1] = at(d, i + 1) - p;
      e[last] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = at(d, i + 1) - p;
    const t = (at(d, i) - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    rotateRows(vectors, n, i, c, s);
  }
  d[first] = at(d, first) - p;
  e[first] = g;
  e[last] = 0;
}

/** Rows i and i+1 become c * row_i - s * row_{i+1} and s * row_i + c * row_{i+1}. */
function rotateRows(vectors: Float64Array, n: number, i: number, c: number, s: number): void {
  const [upper, lower] = [i * n, (i + 1) * n];
  for (let k = 0; k < n; k++) {
    const x = vectors[upper + k] as number;
    const y = vectors[lower + k] as number;
    vectors[upper + k] = c * x - s * y;
    vectors[lower + k] = s * x + c * y;
  }
}

function sorted({ diagonal, vectors }: Tridiagonal, scale: number): EigenSystem {
  const n = diagonal.length;
  const order = Array.from(diagonal.keys()).sort((a, b) => at(diagonal, b) - at(diagonal, a));
  const result = new Float64Array(n * n);
  order.forEach((from, to) => {
    const vector = vectors.subarray(from * n, (from + 1) * n);
    const sign = signOf(vector);
    for (let k = 0; k < n; k++) result[to * n + k] = sign * at(vector, k);
  });
  return { values: Float64Array.from(order, (k) => at(diagonal, k) * scale), vectors: result };
}

/** The factor that makes the entry of largest size positive. */
function signOf(vector: Float64Array): 1 | -1 {
  let largest = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? -1 : 1;
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
