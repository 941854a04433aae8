import { describe, expect, it } from "vitest";
import {
  fitBoundaries,
  fitPath,
  seededUniform,
  type BoundaryFit,
  type BoundaryOptions,
  type Target,
} from "../../../src/engine/directions";
import { CancelledError, RfmError } from "../../../src/engine/files";
import { openRuntime } from "../../../src/engine/runtime";

const N = 240;
const D = 18;

function normals(seed: number): () => number {
  const uniform = seededUniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

function codes(seed: number, n = N, d = D): Float32Array {
  const normal = normals(seed);
  return Float32Array.from({ length: n * d }, normal);
}

/** Labels of a planted direction with noise. */
function planted(rows: Float32Array, d: number, seed: number, share = 0.4): Int8Array {
  const normal = normals(seed);
  const direction = Array.from({ length: d }, normal);
  const scores = Array.from({ length: rows.length / d }, (_, i) =>
    direction.reduce((sum, v, j) => sum + v * (rows[i * d + j] ?? 0), 2 * normal()),
  );
  const threshold = [...scores].sort((a, b) => b - a)[Math.floor(share * scores.length)] ?? 0;
  return Int8Array.from(scores, (score) => (score > threshold ? 1 : -1));
}

function classes(signs: Int8Array): Target {
  return { kind: "classes", signs };
}

function messageOf(result: BoundaryFit | RfmError | undefined): string {
  return result instanceof RfmError ? result.message : "It was fitted.";
}

async function fit(
  rows: Float32Array,
  d: number,
  target: Target,
  options: BoundaryOptions = {},
): Promise<BoundaryFit> {
  const [found] = await fitBoundaries(rows, d, [target], options);
  if (found === undefined || found instanceof RfmError) throw found ?? new Error("there is no fit");
  return found;
}

/** sum_i slope_i x_i of the logistic loss at C = 1, and the sum of the slopes. */
function derivatives(rows: Float32Array, signs: Int8Array, { weights, intercept }: BoundaryFit): number[] {
  const d = weights.length;
  const sums = new Array<number>(d + 1).fill(0);
  signs.forEach((sign, i) => {
    let score = intercept;
    for (let j = 0; j < d; j++) score += (rows[i * d + j] ?? 0) * (weights[j] ?? 0);
    const slope = -sign / (1 + Math.exp(sign * score));
    for (let j = 0; j < d; j++) sums[j] = (sums[j] ?? 0) + slope * (rows[i * d + j] ?? 0);
    sums[d] = (sums[d] ?? 0) + slope;
  });
  return sums;
}

describe("the conditions of the optimum", () => {
  it("hold with l1", async () => {
    const rows = codes(1);
    const signs = planted(rows, D, 2);
    const found = await fit(rows, D, classes(signs), { tolerance: 1e-10, C: 0.2 });
    const sums = derivatives(rows, signs, found).map((sum) => 0.2 * sum);
    expect(found.weights.some((w) => w === 0)).toBe(true);
    found.weights.forEach((w, j) => {
      if (w === 0) expect(Math.abs(sums[j] ?? NaN)).toBeLessThanOrEqual(1 + 1e-5);
      else expect(sums[j]).toBeCloseTo(-Math.sign(w), 4);
    });
    expect(sums[D]).toBeCloseTo(0, 6);
  });

  it("hold with l2", async () => {
    const rows = codes(3);
    const signs = planted(rows, D, 4);
    const found = await fit(rows, D, classes(signs), { tolerance: 1e-12, penalty: "l2" });
    const sums = derivatives(rows, signs, found);
    found.weights.forEach((w, j) => {
      expect(w + (sums[j] ?? NaN)).toBeCloseTo(0, 4);
    });
    expect(sums[D]).toBeCloseTo(0, 6);
  });
});

describe("many targets", () => {
  const rows = codes(5);
  const targets: Target[] = Array.from({ length: 7 }, (_, index) =>
    classes(planted(rows, D, 10 + index, 0.1 + 0.1 * index)),
  );

  it.each(["l1", "l2", "svm"] as const)("fit together as they fit alone: %s", async (penalty) => {
    const runtime = await openRuntime("cpu");
    try {
      const together = await fitBoundaries(rows, D, targets, { penalty, tolerance: 1e-9, runtime });
      for (const [index, target] of targets.entries()) {
        const alone = await fit(rows, D, target, { penalty, tolerance: 1e-9 });
        const found = together[index];
        expect(found instanceof RfmError ? found : found?.objective).toBeCloseTo(alone.objective, 6);
      }
    } finally {
      await runtime.dispose();
    }
  });

  it("do not disturb each other where some cannot be fitted", async () => {
    const bad: Target[] = [
      classes(new Int8Array(N).fill(1)),
      ...targets.slice(0, 2),
      classes(new Int8Array(N - 1).fill(1)),
      { kind: "values", values: new Float64Array(N).fill(3) },
      { kind: "values", values: new Float64Array(N).map((_, i) => (i === 7 ? Infinity : i)) },
    ];
    const found = await fitBoundaries(rows, D, bad);
    expect(found.map((one) => one instanceof RfmError)).toEqual([true, false, false, true, true, true]);
    expect(messageOf(found[0])).toContain("one class");
    const [alone] = await fitBoundaries(rows, D, targets.slice(0, 1));
    const [, second] = found;
    if (alone instanceof RfmError || second instanceof RfmError) throw new Error("these can be fitted");
    expect(second?.objective).toBeCloseTo(alone?.objective ?? NaN, 3);
  });

  it("say how far they came where the gap is out of reach", async () => {
    const found = await fitBoundaries(rows, D, targets, { maximumIterations: 1 });
    expect(messageOf(found[0])).toContain("relative duality gap of");
    const [beyond] = await fitBoundaries(rows, D, targets.slice(0, 1), { tolerance: -1 });
    expect(messageOf(beyond)).toContain("relative duality gap of");
  });

  it("report their progress", async () => {
    const seen: number[] = [];
    await fitBoundaries(rows, D, targets, { onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("can be cancelled on the way", async () => {
    const control = new AbortController();
    const work = fitBoundaries(rows, D, targets, {
      tolerance: 1e-12,
      signal: control.signal,
      onProgress: () => {
        control.abort();
      },
    });
    await expect(work).rejects.toBeInstanceOf(CancelledError);
  });
});

it("finds the same optimum with and without screening", async () => {
  const rows = codes(6, 120, 60);
  const target = classes(planted(rows, 60, 7));
  const screened = await fit(rows, 60, target, { tolerance: 1e-10, C: 0.3 });
  const whole = await fit(rows, 60, target, { tolerance: 1e-10, C: 0.3, screening: false });
  expect(screened.objective).toBeCloseTo(whole.objective, 8);
});

it.each(["l1", "l2", "svm"] as const)("rows of sign 0 take no part: %s", async (penalty) => {
  const rows = codes(8);
  const signs = planted(rows, D, 9);
  const some = signs.map((sign, i) => (i % 3 === 0 ? 0 : sign));
  const kept = Array.from(signs.keys()).filter((i) => i % 3 !== 0);
  const fewer = Float32Array.from(kept.flatMap((i) => [...rows.subarray(i * D, (i + 1) * D)]));
  const options = { penalty, tolerance: 1e-9, classWeight: "balanced" } as const;
  const masked = await fit(rows, D, classes(some), options);
  const gathered = await fit(fewer, D, classes(Int8Array.from(kept, (i) => signs[i] ?? 0)), options);
  expect(masked.objective).toBeCloseTo(gathered.objective, 6);
});

it("leaves values that are NaN out", async () => {
  const rows = codes(11);
  const values = Float64Array.from(planted(rows, D, 12), (sign, i) => (i % 4 === 1 ? NaN : sign + i / N));
  const kept = Array.from(values.keys()).filter((i) => i % 4 !== 1);
  const fewer = Float32Array.from(kept.flatMap((i) => [...rows.subarray(i * D, (i + 1) * D)]));
  const masked = await fit(rows, D, { kind: "values", values }, { tolerance: 1e-9 });
  const gathered = await fit(
    fewer,
    D,
    { kind: "values", values: Float64Array.from(kept, (i) => values[i] ?? NaN) },
    { tolerance: 1e-9 },
  );
  expect(masked.objective).toBeCloseTo(gathered.objective, 6);
});

describe("odd columns", () => {
  const rows = codes(13);
  const signs = planted(rows, D, 14);
  const changed = (change: (value: number, j: number, i: number) => number): Float32Array =>
    rows.map((value, at) => change(value, at % D, Math.floor(at / D)));

  it.each(["l1", "l2", "svm"] as const)("constant ones get no weight: %s", async (penalty) => {
    const found = await fit(
      changed((value, j) => (j === 3 ? 12.3 : j === 4 ? 0 : value)),
      D,
      classes(signs),
      { penalty },
    );
    expect(found.weights[3]).toBeCloseTo(0, 8);
    expect(found.weights[4]).toBe(0);
  });

  it("doubled ones share what one would get", async () => {
    const twice = changed((value, j, i) => (j === 1 ? (rows[i * D] ?? 0) : value));
    const found = await fit(twice, D, classes(signs), { penalty: "l2", tolerance: 1e-10 });
    expect(found.weights[0]).toBeCloseTo(found.weights[1] ?? NaN, 5);
    const sparse = await fit(twice, D, classes(signs), { tolerance: 1e-9 });
    const without = await fit(
      changed((value, j) => (j === 1 ? 0 : value)),
      D,
      classes(signs),
      { tolerance: 1e-9 },
    );
    expect(sparse.objective).toBeCloseTo(without.objective, 6);
  });

  it.each([1e-4, 1e4])("of size %d are fitted", async (size) => {
    for (const penalty of ["l1", "l2", "svm"] as const) {
      const found = await fit(
        changed((value, j) => (j === 2 ? value * size : value)),
        D,
        classes(signs),
        { penalty },
      );
      expect(found.gap).toBeLessThanOrEqual(1e-6);
    }
  });

  it("with a large offset are fitted as without", async () => {
    const found = await fit(
      changed((value, j) => (j === 2 ? value + 100 : value)),
      D,
      classes(signs),
      { tolerance: 1e-9 },
    );
    const plain = await fit(rows, D, classes(signs), { tolerance: 1e-9 });
    // The offset costs the column five bits.
    expect(found.objective).toBeCloseTo(plain.objective, 3);
  });

  it("of NaN are refused", async () => {
    const broken = changed((value, j) => (j === 5 ? NaN : value));
    await expect(fitBoundaries(broken, D, [classes(signs)])).rejects.toThrow("NaN");
  });
});

it("follows a regularisation path as single fits would", async () => {
  const rows = codes(15);
  const target = classes(planted(rows, D, 16));
  const costs = [0.01, 0.05, 0.2, 1, 5];
  const path = await fitPath(rows, D, target, costs, { tolerance: 1e-8 });
  expect(path).toHaveLength(costs.length);
  let nonzero = -1;
  for (const [index, C] of costs.entries()) {
    const alone = await fit(rows, D, target, { C, tolerance: 1e-8 });
    const found = path[index];
    if (found === undefined || found instanceof RfmError) throw new Error("the path has a hole");
    expect(found.objective / alone.objective).toBeCloseTo(1, 7);
    const count = found.weights.filter((w) => w !== 0).length;
    expect(count).toBeGreaterThanOrEqual(nonzero);
    nonzero = count;
  }
});
