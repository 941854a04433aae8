import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readNpyFile, toFloat32 } from "../../../src/engine/checkpoints";
import { fitDirection, fitLogistic, openRuntimeGram, type PenaltyName } from "../../../src/engine/directions";
import { openRuntime } from "../../../src/engine/runtime";

const FIXTURES = join(import.meta.dirname, "../../fixtures/directions");

interface Optimum {
  penalty: PenaltyName;
  C: number;
  class_weight?: "balanced";
  objective: number;
  intercept: number;
  coefficients: number[];
}

const OPTIMA = JSON.parse(readFileSync(join(FIXTURES, "optima.json"), "utf8")) as Record<string, Optimum>;

async function problem(name: string): Promise<{ rows: Float32Array; d: number; labels: boolean[] }> {
  const rows = await readNpyFile(join(FIXTURES, `${name}.rows.npy`));
  const labels = await readNpyFile(join(FIXTURES, `${name}.labels.npy`));
  return {
    rows: toFloat32(rows),
    d: rows.shape[1] ?? 0,
    labels: Array.from(toFloat32(labels), (label) => label > 0.5),
  };
}

describe.each(Object.entries(OPTIMA))("%s", (name, optimum) => {
  it("reaches scikit-learn's optimum, with a certificate", async () => {
    const { rows, d, labels } = await problem(name);
    const fit = await fitDirection(rows, d, labels, {
      penalty: optimum.penalty,
      C: optimum.C,
      classWeight: optimum.class_weight ?? null,
      train: labels.length,
      tolerance: 1e-8,
    });
    expect(fit.solver.objective).toBeLessThanOrEqual(optimum.objective * (1 + 1e-8));
    // No lower than the optimum either: saga's is one to nine digits.
    expect(fit.solver.objective).toBeGreaterThanOrEqual(optimum.objective * (1 - 1e-7));
    expect(fit.solver.gap).toBeLessThanOrEqual(1e-8);
    expect(fit.intercept).toBeCloseTo(optimum.intercept, 3);
    optimum.coefficients.forEach((coefficient, j) => {
      expect((fit.vector[j] ?? 0) * fit.coefficientNorm).toBeCloseTo(coefficient, 3);
    });
  });

  it("stops by default within 1e-6 of it", async () => {
    const { rows, d, labels } = await problem(name);
    const fit = await fitDirection(rows, d, labels, {
      penalty: optimum.penalty,
      C: optimum.C,
      classWeight: optimum.class_weight ?? null,
      train: labels.length,
    });
    expect(fit.solver.gap).toBeLessThanOrEqual(1e-6);
    expect(fit.solver.objective).toBeLessThanOrEqual(optimum.objective * (1 + 1e-6));
  });
});

it("finds the same optimum where a runtime multiplies the matrices", async () => {
  const { rows, d, labels } = await problem("correlated");
  const runtime = await openRuntime("cpu");
  const products = await openRuntimeGram(runtime, d);
  const fit = await fitLogistic(
    {
      rows,
      n: labels.length,
      d,
      signs: Int8Array.from(labels, (label) => (label ? 1 : -1)),
      costs: new Float64Array(labels.length).fill(1),
    },
    { tolerance: 1e-9, gram: products.gram },
  );
  await products.release();
  await runtime.dispose();
  expect(fit.objective / (OPTIMA["correlated"]?.objective ?? 0)).toBeCloseTo(1, 7);
});
