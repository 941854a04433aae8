import { describe, expect, it } from "vitest";
import { conditionIn, projectOff, type Metric } from "../../../src/engine/directions";
import { covarianceOf } from "../../../src/engine/directions/conditioning/covariance";
import { Random } from "../../support/random";

const D = 6;

/** Correlated codes: each coordinate leans on the one before, and the later ones vary less. */
function codes(n: number): Float32Array {
  const random = new Random(11);
  const rows = new Float32Array(n * D);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < D; j++) {
      rows[i * D + j] = 3 + ((j > 0 ? (rows[i * D + j - 1] ?? 0) - 3 : 0) * 0.5 + random.normal()) / (j + 1);
    }
  }
  return rows;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

describe("projectOff", () => {
  it("leaves the nearest unit vector that is orthogonal to all the others", () => {
    const random = new Random(2);
    const [direction, a, b] = [random.normals(D), random.normals(D), random.normals(D)];
    const { vector, cosine } = projectOff(direction, [a, b, a.map((value, i) => value - 2 * (b[i] ?? 0))]);
    expect(dot(vector, vector)).toBeCloseTo(1, 6);
    expect(dot(vector, a)).toBeCloseTo(0, 6);
    expect(dot(vector, b)).toBeCloseTo(0, 6);
    expect(dot(vector, direction) / Math.hypot(...direction)).toBeCloseTo(cosine, 6);
    // Nothing else was taken away: what is missing lies in the span of a and b.
    const missing = direction.map((value, i) => value - (vector[i] ?? 0) * dot(vector, direction));
    expect(Math.hypot(...projectOffOnly(missing, a, b))).toBeLessThan(1e-5);
  });

  it("keeps a direction that has nothing to lose, and refuses one that is nothing else", () => {
    expect(projectOff([0, 2, 0], [[1, 0, 0]])).toEqual({ vector: Float64Array.of(0, 1, 0), cosine: 1 });
    expect(projectOff([0, 2, 0], []).vector).toEqual(Float64Array.of(0, 1, 0));
    expect(() => projectOff([1, 2], [[2, 4]])).toThrow(/fewer/);
  });
});

/** What is left of a vector outside the plane of a and b, by solving the 2x2 normal equations. */
function projectOffOnly(v: Float32Array, a: Float32Array, b: Float32Array): number[] {
  const [aa, ab, bb, av, bv] = [dot(a, a), dot(a, b), dot(b, b), dot(a, v), dot(b, v)];
  const determinant = aa * bb - ab * ab;
  const [s, t] = [(av * bb - bv * ab) / determinant, (bv * aa - av * ab) / determinant];
  return Array.from(v, (value, i) => value - s * (a[i] ?? 0) - t * (b[i] ?? 0));
}

/** A covariance as what it does to a vector. */
function times(covariance: Float64Array): Metric {
  return (vector) =>
    Float64Array.from({ length: D }, (_, i) => dot(covariance.subarray(i * D, (i + 1) * D), vector));
}

const METRICS: readonly (readonly [string, Metric])[] = [
  ["the plain metric", (vector) => vector],
  ["the codes' covariance", times(covarianceOf(codes(4000), D))],
];

describe.each(METRICS)("conditionIn %s", (_name, metric) => {
  const random = new Random(7);
  const [direction, a, b, c] = [
    random.normals(D),
    random.normals(D),
    random.normals(D),
    random.normals(D),
  ] as const;

  it("has no part along any of the others, in whatever order they come", () => {
    const { vector } = conditionIn(metric, direction, [a, b, c]);
    for (const other of [a, b, c]) expect(dot(vector, other)).toBeCloseTo(0, 9);
    const turned = conditionIn(metric, direction, [c, a, b]).vector;
    turned.forEach((value, at) => {
      expect(value).toBeCloseTo(vector[at] ?? NaN, 9);
    });
  });

  it("does not mind others that say the same twice, or in another length", () => {
    const { vector } = conditionIn(metric, direction, [a, b]);
    const doubled = a.map((value, at) => 5 * value - (b[at] ?? 0));
    const again = conditionIn(metric, direction, [a, a.map((value) => -3 * value), doubled, b]).vector;
    again.forEach((value, at) => {
      expect(value).toBeCloseTo(vector[at] ?? NaN, 6);
    });
  });
});

describe("conditioning by projection", () => {
  it("twice is the same as once", () => {
    const random = new Random(9);
    const [direction, a, b] = [random.normals(D), random.normals(D), random.normals(D)];
    const once = projectOff(direction, [a, b]);
    const twice = projectOff(once.vector, [a, b]);
    expect(twice.cosine).toBeCloseTo(1, 12);
  });
});

describe("conditionIn with a covariance", () => {
  it("leaves the other scores where they are, and beats every other such step of one deviation", () => {
    const covariance = covarianceOf(codes(4000), D);
    const random = new Random(4);
    const [direction, slope] = [random.normals(D), random.normals(D)];
    const { vector } = conditionIn(times(covariance), direction, [slope]);
    expect(dot(vector, slope)).toBeCloseTo(0, 6);
    const gain = (v: ArrayLike<number>): number => dot(v, direction) / mahalanobis(v, covariance);
    for (let trial = 0; trial < 50; trial++) {
      const other = projectOff(random.normals(D), [slope]).vector;
      expect(gain(other)).toBeLessThanOrEqual(gain(vector) * (1 + 1e-6));
    }
  });
});

/** sqrt(v^T S^-1 v), by plain elimination. */
function mahalanobis(v: ArrayLike<number>, covariance: Float64Array): number {
  const rows = Array.from({ length: D }, (_, i) => [...covariance.subarray(i * D, (i + 1) * D), v[i] ?? 0]);
  for (const [i, pivot] of rows.entries()) {
    for (const [k, row] of rows.entries()) {
      if (k === i) continue;
      const factor = (row[i] ?? 0) / (pivot[i] ?? 1);
      pivot.forEach((value, j) => (row[j] = (row[j] ?? 0) - factor * value));
    }
  }
  return Math.sqrt(
    dot(
      v,
      rows.map((row, i) => (row[D] ?? 0) / (row[i] ?? 1)),
    ),
  );
}
