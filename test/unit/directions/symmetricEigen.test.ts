import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../../src/engine/directions";
import { Random } from "../../support/random";

/** Q^T D Q with Q from random plane rotations. */
function matrixWith(values: readonly number[], seed: number): Float64Array {
  const n = values.length;
  const random = new Random(seed);
  const matrix = new Float64Array(n * n);
  values.forEach((value, i) => (matrix[i * n + i] = value));
  for (let turn = 0; turn < 4 * n && n > 1; turn++) {
    const i = random.integer(0, n);
    const j = (i + random.integer(1, n)) % n;
    const angle = 2 * Math.PI * random.uniform();
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const rotate = (a: number, b: number): void => {
      const [x, y] = [matrix[a] ?? NaN, matrix[b] ?? NaN];
      matrix[a] = c * x - s * y;
      matrix[b] = s * x + c * y;
    };
    for (let k = 0; k < n; k++) rotate(i * n + k, j * n + k);
    for (let k = 0; k < n; k++) rotate(k * n + i, k * n + j);
  }
  return matrix.map((_, at) => matrix[Math.max(at, (at % n) * n + Math.floor(at / n))] ?? NaN);
}

/** The largest entries of A V^T - V^T D and of V V^T - 1, for every `step`-th vector. */
function errors(
  matrix: Float64Array,
  n: number,
  step = 1,
): { residual: number; skew: number; values: Float64Array } {
  const { values, vectors } = symmetricEigen(matrix, n);
  let [residual, skew] = [0, 0];
  for (let k = 0; k < n; k += step) {
    for (let i = 0; i < n; i++) {
      let [product, overlap] = [0, 0];
      for (let j = 0; j < n; j++) {
        const entry = vectors[k * n + j] ?? NaN;
        product += (matrix[i * n + j] ?? NaN) * entry;
        overlap += (vectors[i * n + j] ?? NaN) * entry;
      }
      residual = Math.max(residual, Math.abs(product - (values[k] ?? NaN) * (vectors[k * n + i] ?? NaN)));
      skew = Math.max(skew, Math.abs(overlap - (i === k ? 1 : 0)));
    }
  }
  return { residual, skew, values };
}

const random = new Random(3);
const normal = (n: number): number[] => Array.from({ length: n }, () => random.normal());

describe("symmetricEigen", () => {
  it.each<[string, number[]]>([
    ["one number", [-2.5]],
    ["two numbers", [3, -1]],
    ["nothing but zeros", [0, 0, 0, 0]],
    ["the identity", [1, 1, 1, 1, 1]],
    ["a matrix of rank one", [7, 0, 0, 0, 0, 0]],
    ["equal eigenvalues", [5, 5, 5, 2, 2, -1, -1, -1]],
    ["eigenvalues 1e-12 apart", [1, 1 + 1e-12, 1 - 1e-12, 0.5, 0.5 + 1e-12]],
    ["eigenvalues of very different sizes", [1e6, 1, 1e-6, 1e-12, -1e-9, 0]],
    ["many", normal(97)],
  ])("decomposes %s", (_name, wanted) => {
    const n = wanted.length;
    const scale = Math.max(1e-300, ...wanted.map(Math.abs));
    const { residual, skew, values } = errors(matrixWith(wanted, n), n);
    expect(residual / scale).toBeLessThan(1e-13 * n);
    expect(skew).toBeLessThan(1e-13 * n);
    [...wanted]
      .sort((a, b) => b - a)
      .forEach((value, k) => {
        expect(Math.abs((values[k] ?? NaN) - value) / scale).toBeLessThan(1e-13 * n);
      });
  });

  it.each([1e-200, 1e200])("neither under- nor overflows at the scale %d", (scale) => {
    const matrix = matrixWith([4, 3, 3, -1, 0.5], 9).map((value) => value * scale);
    const { residual, skew, values } = errors(matrix, 5);
    expect(residual / scale).toBeLessThan(1e-13);
    expect(skew).toBeLessThan(1e-13);
    expect((values[0] ?? NaN) / scale).toBeCloseTo(4, 12);
  });

  it("leaves out entries too small to count beside others", () => {
    const { residual, skew } = errors(Float64Array.of(1, 0, 1e-160, 0, 2, 1e-170, 1e-160, 1e-170, 3), 3);
    expect(residual).toBeLessThan(1e-14);
    expect(skew).toBeLessThan(1e-14);
  });

  it("is exact at the size of a generator's w", () => {
    const n = 512;
    // Columns of falling size: eigenvalues from 1e3 to 1e-3.
    const factors = Array.from({ length: n }, (_, i) => 10 ** (1.5 - (3 * i) / n));
    const rows = Array.from({ length: n }, () => normal(n));
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const entry =
          ((rows[i]?.[j] ?? NaN) + (rows[j]?.[i] ?? NaN)) * (factors[i] ?? NaN) * (factors[j] ?? NaN);
        matrix[i * n + j] = matrix[j * n + i] = entry;
      }
    }
    const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const { residual, skew } = errors(matrix, n, 37);
    expect(residual / largest).toBeLessThan(1e-10);
    expect(skew).toBeLessThan(1e-10);
  });

  it("fixes the sign: the entry of largest size is positive", () => {
    const n = 12;
    const { vectors } = symmetricEigen(matrixWith(normal(n), 5), n);
    for (let k = 0; k < n; k++) {
      const row = Array.from(vectors.subarray(k * n, (k + 1) * n));
      expect(Math.max(...row)).toBe(Math.max(...row.map(Math.abs)));
    }
  });

  it("leaves the matrix as it is, and counts its lower triangle", () => {
    const matrix = Float64Array.of(2, 99, 1, 2);
    expect(Array.from(symmetricEigen(matrix, 2).values, (value) => value.toFixed(12))).toEqual([
      "3.000000000000",
      "1.000000000000",
    ]);
    expect(matrix).toEqual(Float64Array.of(2, 99, 1, 2));
  });

  it("refuses what is no such matrix", () => {
    expect(() => symmetricEigen(new Float64Array(5), 2)).toThrow("no matrix of 2x2");
    expect(() => symmetricEigen(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow("not finite");
    expect(() => symmetricEigen(Float64Array.of(1, Infinity, Infinity, 1), 2)).toThrow("not finite");
  });
});
