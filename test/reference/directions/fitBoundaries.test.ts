import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readNpyFile, toFloat32 } from "../../../src/engine/checkpoints";
import {
  fitBoundaries,
  type BoundaryFit,
  type BoundaryOptions,
  type BoundaryPenalty,
  type Target,
} from "../../../src/engine/directions";
import { openRuntime } from "../../../src/engine/runtime";

const FIXTURES = join(import.meta.dirname, "../../fixtures/directions");

interface Optimum {
  problem: string;
  kind: "classes" | "values";
  penalty: BoundaryPenalty;
  C: number;
  class_weight: "balanced" | null;
  objective: number;
  coefficients: number[];
}

const OPTIMA = JSON.parse(readFileSync(join(FIXTURES, "optima.json"), "utf8")) as Optimum[];

async function read(name: string): Promise<Float32Array> {
  return toFloat32(await readNpyFile(join(FIXTURES, `${name}.npy`)));
}

async function problem({ problem: name, kind }: Optimum): Promise<{ rows: Float32Array; target: Target }> {
  const rows = await read(`${name}.rows`);
  const target: Target =
    kind === "classes"
      ? { kind, signs: Int8Array.from(await read(`${name}.labels`), (label) => (label > 0.5 ? 1 : -1)) }
      : { kind, values: Float64Array.from(await read(`${name}.values`)) };
  return { rows, target };
}

function optionsOf({ penalty, C, class_weight }: Optimum): BoundaryOptions {
  return { penalty, C, classWeight: class_weight };
}

async function fitOne(optimum: Optimum, options: BoundaryOptions): Promise<BoundaryFit> {
  const { rows, target } = await problem(optimum);
  const [fit] = await fitBoundaries(rows, optimum.coefficients.length, [target], {
    ...optionsOf(optimum),
    ...options,
  });
  if (fit === undefined || fit instanceof Error) throw fit ?? new Error("there is no fit");
  return fit;
}

/** The objective of a fit, written down anew from its definition. */
async function objectiveOf(optimum: Optimum, { weights, intercept }: BoundaryFit): Promise<number> {
  const { rows, target } = await problem(optimum);
  const d = weights.length;
  const n = rows.length / d;
  const positives = target.kind === "classes" ? target.signs.filter((sign) => sign > 0).length : 0;
  let sum = 0;
  for (const w of weights) sum += optimum.penalty === "l1" ? Math.abs(w) : (w * w) / 2;
  for (let i = 0; i < n; i++) {
    let score = intercept;
    for (let j = 0; j < d; j++) score += (rows[i * d + j] ?? NaN) * (weights[j] ?? NaN);
    if (target.kind === "values") {
      sum += (optimum.C / 2) * (score - (target.values[i] ?? NaN)) ** 2;
      continue;
    }
    const sign = target.signs[i] ?? NaN;
    const share = n / (2 * (sign > 0 ? positives : n - positives));
    const cost = optimum.C * (optimum.class_weight === "balanced" ? share : 1);
    const margin = sign * score;
    sum += cost * (optimum.penalty === "svm" ? Math.max(0, 1 - margin) : Math.log1p(Math.exp(-margin)));
  }
  return sum;
}

describe.each(OPTIMA)("$problem, $kind, $penalty, weight $class_weight", (optimum) => {
  it("reaches scikit-learn's optimum with a certificate", async () => {
    const fit = await fitOne(optimum, { tolerance: 1e-8 });
    expect(fit.gap).toBeLessThanOrEqual(1e-8);
    expect(fit.objective).toBeLessThanOrEqual(optimum.objective * (1 + 1e-8));
    // No lower than the optimum either: scikit-learn's solvers stop a few millionths above it.
    expect(fit.objective).toBeGreaterThanOrEqual(optimum.objective * (1 - 5e-6));
    expect(await objectiveOf(optimum, fit)).toBeCloseTo(fit.objective, 6);
    optimum.coefficients.forEach((coefficient, j) => {
      expect(fit.weights[j]).toBeCloseTo(coefficient, 2);
    });
  });

  it("stops by default within 1e-6 of it", async () => {
    const fit = await fitOne(optimum, {});
    expect(fit.gap).toBeLessThanOrEqual(1e-6);
    expect(fit.objective).toBeLessThanOrEqual(optimum.objective * (1 + 1e-6));
  });

  it("knows a lower bound long before the end", async () => {
    const fit = await fitOne(optimum, { tolerance: 0.05 });
    expect(fit.objective * (1 - fit.gap)).toBeLessThanOrEqual(optimum.objective * (1 + 1e-9));
  });
});

it("finds the same optima where a runtime multiplies the matrices, for many targets at once", async () => {
  const runtime = await openRuntime("cpu");
  try {
    for (const optimum of OPTIMA.filter(({ problem: name }) => name === "correlated")) {
      const { rows, target } = await problem(optimum);
      const targets = [target, flipped(target), target, target, flipped(target)];
      const fits = await fitBoundaries(rows, optimum.coefficients.length, targets, {
        ...optionsOf(optimum),
        tolerance: 1e-8,
        runtime,
      });
      for (const fit of fits) {
        expect(fit instanceof Error ? fit : fit.objective / optimum.objective).toBeCloseTo(1, 6);
      }
    }
  } finally {
    await runtime.dispose();
  }
});

/** The same problem seen from the other side: its optimum is as high. */
function flipped(target: Target): Target {
  return target.kind === "classes"
    ? { kind: "classes", signs: target.signs.map((sign) => -sign) }
    : { kind: "values", values: target.values.map((value) => -value) };
}
