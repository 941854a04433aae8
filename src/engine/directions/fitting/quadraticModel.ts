/** A convex quadratic g.(v - w) + (v - w)^T H (v - w) / 2 around w, in k variables. */
export interface QuadraticModel {
  readonly centre: Float64Array;
  readonly gradient: Float64Array;
  /** Row-major [k, k], symmetric, positive semidefinite. */
  readonly hessian: Float64Array;
}

/**
 * Minimises the quadratic plus `penalty * ||v||_1` by accelerated proximal gradient steps with restart (O'Donoghue and
 * Candès 2015): the momentum is dropped whenever it points uphill. Variables are scaled by the diagonal of H first; the
 * penalty is separable, so that this changes the path and not the minimum.
 *
 * @param tolerance stop when no component of the smallest subgradient is larger
 * @returns the minimiser
 */
export function minimiseWithL1(
  { centre, gradient, hessian }: QuadraticModel,
  penalty: number,
  tolerance: number,
  maximumIterations: number,
): Float64Array {
  const k = centre.length;
  const scale = Float64Array.from(
    { length: k },
    (_, j) => 1 / Math.sqrt(Math.max(hessian[j * k + j] as number, 1e-12)),
  );
  const bound = largestEigenvalue(hessian, scale);
  let current = Float64Array.from(centre);
  let previous = Float64Array.from(centre);
  let ahead = Float64Array.from(centre);
  const slope = new Float64Array(k);
  let momentum = 1;
  let iterations = 0;
  while (iterations < maximumIterations) {
    iterations++;
    modelGradient(ahead, centre, gradient, hessian, slope);
    let worst = 0;
    let uphill = 0;
    const next = previous;
    for (let j = 0; j < k; j++) {
      const step = ((scale[j] as number) * (scale[j] as number)) / bound;
      const from = ahead[j] as number;
      const to = shrink(from - step * (slope[j] as number), step * penalty);
      // The gradient mapping: zero exactly at the minimum.
      worst = Math.max(worst, Math.abs(from - to) / step);
      uphill += ((from - to) * (to - (current[j] as number))) / step;
      next[j] = to;
    }
    previous = current;
    current = next;
    if (worst <= tolerance) break;
    const restart = uphill > 0;
    const t = restart ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const beta = restart ? 0 : (momentum - 1) / t;
    momentum = t;
    const spare = ahead;
    for (let j = 0; j < k; j++) {
      spare[j] = (current[j] as number) + beta * ((current[j] as number) - (previous[j] as number));
    }
    ahead = spare;
  }
  return current;
}

function shrink(value: number, by: number): number {
  return value > by ? value - by : value < -by ? value + by : 0;
}

function modelGradient(
  v: Float64Array,
  centre: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
  out: Float64Array,
): void {
  const k = v.length;
  const move = v.map((value, j) => value - (centre[j] as number));
  for (let a = 0; a < k; a++) {
    // Four sums that do not wait for each other.
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let b = 0;
    const at = a * k;
    for (; b + 3 < k; b += 4) {
      s0 += (hessian[at + b] as number) * (move[b] as number);
      s1 += (hessian[at + b + 1] as number) * (move[b + 1] as number);
      s2 += (hessian[at + b + 2] as number) * (move[b + 2] as number);
      s3 += (hessian[at + b + 3] as number) * (move[b + 3] as number);
    }
    for (; b < k; b++) s0 += (hessian[at + b] as number) * (move[b] as number);
    out[a] = (gradient[a] as number) + s0 + s1 + s2 + s3;
  }
}

/** An upper estimate of the largest eigenvalue of S H S, by power iteration with a margin. */
function largestEigenvalue(hessian: Float64Array, scale: Float64Array): number {
  const k = scale.length;
  const zero = new Float64Array(k);
  let vector = new Float64Array(k).fill(1 / Math.sqrt(k));
  let value = 1;
  for (let iteration = 0; iteration < 40; iteration++) {
    const scaled = vector.map((entry, j) => entry * (scale[j] as number));
    const image = new Float64Array(k);
    modelGradient(scaled, zero, zero, hessian, image);
    for (let j = 0; j < k; j++) image[j] = (image[j] as number) * (scale[j] as number);
    value = Math.sqrt(image.reduce((sum, entry) => sum + entry * entry, 0));
    if (!(value > 0)) return 1;
    const size = value;
    vector = image.map((entry) => entry / size);
  }
  return value * 1.1;
}
