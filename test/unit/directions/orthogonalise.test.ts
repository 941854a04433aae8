import { describe, expect, it } from "vitest";
import { orthogonaliseAlike, orthogonaliseInOrder } from "../../../src/engine/directions";
import { Random } from "../../support/random";

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
const unit = (vector: Float64Array): Float64Array => {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
};

function vectors(count: number, dimension: number): Float64Array[] {
  const random = new Random(21);
  const shared = Float64Array.from(random.normals(dimension));
  // All lean the same way, so that there is something to do.
  return Array.from({ length: count }, () =>
    unit(Float64Array.from(random.normals(dimension), (value, at) => value + 0.7 * (shared[at] ?? 0))),
  );
}

function expectOrthonormal(found: readonly Float64Array[]): void {
  found.forEach((a, i) => {
    found.forEach((b, j) => {
      expect(dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 9);
    });
  });
}

const distance = (a: readonly Float64Array[], b: readonly Float64Array[]): number =>
  a.reduce(
    (sum, vector, k) =>
      sum + vector.reduce((part, value, at) => part + (value - (b[k]?.[at] ?? NaN)) ** 2, 0),
    0,
  );

describe.each([
  ["alike", orthogonaliseAlike],
  ["in order", orthogonaliseInOrder],
])("orthogonal %s", (_name, orthogonalise) => {
  it("is orthonormal, and keeps what is orthogonal already", () => {
    const found = orthogonalise(vectors(6, 40));
    expectOrthonormal(found);
    expect(distance(orthogonalise(found), found)).toBeLessThan(1e-18);
  });

  it("refuses one that is a sum of the others", () => {
    const [a, b] = vectors(2, 8) as [Float64Array, Float64Array];
    const sum = a.map((value, at) => value - 2 * (b[at] ?? 0));
    expect(() => orthogonalise([a, b, sum])).toThrow("one of them is a sum of the others");
  });
});

describe("orthogonaliseAlike", () => {
  it("does not depend on the order, and is nearer than any other orthonormal set", () => {
    const given = vectors(4, 12);
    const found = orthogonaliseAlike(given);
    const [a, b, c, d] = found as [Float64Array, Float64Array, Float64Array, Float64Array];
    const shuffled = orthogonaliseAlike([3, 0, 2, 1].map((k) => given[k] ?? new Float64Array()));
    expect(distance(shuffled, [d, a, c, b])).toBeLessThan(1e-18);
    const nearest = distance(found, given);
    expect(nearest).toBeLessThan(distance(orthogonaliseInOrder(given), given));
    // Turned a little in any plane it gets worse.
    for (const angle of [0.05, -0.05]) {
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      const turned = [
        a.map((value, at) => cosine * value + sine * (b[at] ?? 0)),
        b.map((value, at) => cosine * value - sine * (a[at] ?? 0)),
        c,
        d,
      ];
      expect(distance(turned, given)).toBeGreaterThan(nearest);
    }
  });
});

describe("orthogonaliseInOrder", () => {
  it("leaves the first as it is", () => {
    const given = vectors(3, 10);
    const [first] = orthogonaliseInOrder(given);
    expect(distance([first ?? new Float64Array()], given.slice(0, 1))).toBeLessThan(1e-24);
  });
});
