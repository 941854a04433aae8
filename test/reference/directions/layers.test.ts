import { describe, expect, it } from "vitest";
import {
  fitBoundaries,
  seededUniform,
  type BoundaryFit,
  type BoundaryOptions,
  type Target,
} from "../../../src/engine/directions";
import { RfmError } from "../../../src/engine/files";

const N = 160;
const SIZE = 8;
const LAYERS = 3;
const D = SIZE * LAYERS;

const uniform = seededUniform(21);
const w = Float64Array.from({ length: N * SIZE }, () => 2 * uniform() - 1);
const average = Float64Array.from({ length: SIZE }, () => uniform());
const signs = Int8Array.from({ length: N }, (_, i) =>
  (w[i * SIZE] ?? 0) - 0.6 * (w[i * SIZE + 1] ?? 0) + 0.5 * (uniform() - 0.5) > 0.1 ? 1 : -1,
);
const target: Target = { kind: "classes", signs };
const values: Target = {
  kind: "values",
  values: Float64Array.from(signs, (sign, i) => sign + (w[i * SIZE + 2] ?? 0)),
};

/** w+ of truncated seeds: layer l is average + psi_l * (w - average). */
function truncated(psi: readonly number[]): Float32Array {
  return Float32Array.from({ length: N * D }, (_, at) => {
    const row = Math.floor(at / D);
    const layer = Math.floor((at % D) / SIZE);
    const j = at % SIZE;
    const centre = average[j] ?? 0;
    return centre + (psi[layer] ?? 1) * ((w[row * SIZE + j] ?? 0) - centre);
  });
}

async function fit(rows: Float32Array, one: Target, options: BoundaryOptions): Promise<BoundaryFit> {
  const [found] = await fitBoundaries(rows, D, [one], { tolerance: 1e-8, ...options });
  if (found === undefined || found instanceof RfmError) throw found ?? new Error("there is no fit");
  return found;
}

function scoresOf(rows: Float32Array, { weights, intercept }: BoundaryFit): number[] {
  return Array.from({ length: N }, (_, i) =>
    weights.reduce((sum, weight, j) => sum + weight * (rows[i * D + j] ?? 0), intercept),
  );
}

describe.each([
  ["equal layers", [1, 1, 1]],
  ["truncated layers", [0.7, 0.7, 1]],
  ["layers of many scales", [0.5, 1, 0.25]],
])("%s", (_name, psi) => {
  const rows = truncated(psi);

  it.each(["l1", "l2", "svm"] as const)("are fitted in w as they would be in w+: %s", async (penalty) => {
    const mapped = await fit(rows, target, { penalty, layers: LAYERS });
    const whole = await fit(rows, target, { penalty, layers: 1 });
    expect(mapped.objective / whole.objective).toBeCloseTo(1, 5);
    const expected = scoresOf(rows, whole);
    scoresOf(rows, mapped).forEach((score, i) => {
      expect(score).toBeCloseTo(expected[i] ?? NaN, 1);
    });
    if (penalty === "l1") return;
    mapped.weights.forEach((weight, j) => {
      expect(weight).toBeCloseTo(whole.weights[j] ?? NaN, 2);
    });
  });

  it.each(["l1", "l2"] as const)("predict values in w as they would in w+: %s", async (penalty) => {
    const mapped = await fit(rows, values, { penalty, layers: LAYERS });
    const whole = await fit(rows, values, { penalty, layers: 1 });
    expect(mapped.objective / whole.objective).toBeCloseTo(1, 5);
  });

  it("keep the objective that their coefficients have", async () => {
    const mapped = await fit(rows, target, { layers: LAYERS });
    const loss = scoresOf(rows, mapped).reduce(
      (sum, score, i) => sum + Math.log1p(Math.exp(-(signs[i] ?? 0) * score)),
      0,
    );
    const size = mapped.weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
    expect((loss + size) / mapped.objective).toBeCloseTo(1, 6);
  });
});

it("spreads l1 over the layers of the largest scale", async () => {
  const { weights } = await fit(truncated([0.5, 1, 1]), target, { layers: LAYERS });
  expect(weights.subarray(0, SIZE).every((weight) => weight === 0)).toBe(true);
  expect(weights.subarray(SIZE, 2 * SIZE)).toEqual(weights.subarray(2 * SIZE));
});

it("fits all columns where the layers differ", async () => {
  const rows = truncated([1, 1, 1]);
  rows[5 * D + SIZE + 3] = 0.9;
  const guarded = await fit(rows, target, { penalty: "l2", layers: LAYERS });
  const whole = await fit(rows, target, { penalty: "l2", layers: 1 });
  expect(guarded.objective).toBe(whole.objective);
});

it("refuses more independent columns than fit into memory", async () => {
  const d = 9 * 512;
  const rows = Float32Array.from({ length: 3 * d }, () => uniform());
  await expect(fitBoundaries(rows, d, [{ kind: "classes", signs: Int8Array.of(1, -1, 1) }])).rejects.toThrow(
    "independent columns",
  );
});
