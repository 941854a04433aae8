/** a . b */
export function dot(a: ArrayLike<number> = [], b: ArrayLike<number> = []): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

export function lengthOf(vector: ArrayLike<number>): number {
  return Math.sqrt(dot(vector, vector));
}

/** The vector at length 1; one of zeros stays. */
export function unit(vector: Float64Array): Float64Array {
  const length = lengthOf(vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}

/** a_i . b_j, row-major. */
export function products(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array {
  return Float64Array.from({ length: a.length * b.length }, (_, at) =>
    dot(a[Math.floor(at / b.length)], b[at % b.length]),
  );
}

/** vector - sum_k shares_k * parts_k */
export function minus(
  vector: Float64Array,
  shares: ArrayLike<number>,
  parts: readonly Float64Array[],
): Float64Array {
  return vector.map((value, i) =>
    parts.reduce((sum, part, k) => sum - (shares[k] as number) * (part[i] as number), value),
  );
}

/**
 * An orthonormal basis of what vectors span, by Gram and Schmidt: the first axis is the first vector. Vectors of which less
 * than `smallest` (of their length) lies outside of the span of those before give no axis.
 */
export function orthonormalBasis(vectors: readonly ArrayLike<number>[], smallest: number): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    let rest = unit(Float64Array.from(vector));
    // Twice, for the first pass leaves rounding behind where little of the vector is left.
    for (let pass = 0; pass < 2; pass++) {
      for (const axis of basis) rest = minus(rest, [dot(axis, rest)], [axis]);
    }
    if (lengthOf(rest) > smallest) basis.push(unit(rest));
  }
  return basis;
}
