import { describe, expect, it } from "vitest";
import {
  conditionByGradients,
  gradientAlong,
  type GradientProblem,
} from "../../../src/engine/directions/conditioning/gradientConditioning";
import type { MeanChange } from "../../../src/engine/directions/conditioning/scoredFaces";
import type { Edit } from "../../../src/engine/files";
import { exampleDirection } from "../../support/documents";
import { Random } from "../../support/random";

const D = 5;
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

/** The unit vector of a coordinate. */
const axis = (at: number): Float64Array => Float64Array.from({ length: D }, (_, i) => (i === at ? 1 : 0));

/**
 * Faces whose mean scores are functions of one code: score 0 is its coordinate 0; 1 and 2 lean on it too, and bend.
 */
function bent(curvature: number): { change: (step: ArrayLike<number>) => number[] } {
  return {
    change: (step) => {
      const [x = 0, y = 0, z = 0] = Array.from(step);
      return [x, y + 0.5 * x + curvature * x * x, z - 0.25 * x + curvature * x * y + curvature * x * x];
    },
  };
}

const editAlong = (vector: Float64Array): Edit => ({
  direction: { name: "toy", path: "", sha256: "", space: "w", sigma: 2, vector: Array.from(vector) },
  amount: 1,
  layers: [0, 1],
  clip: 0,
  muted: false,
});

function problemOf(curvature: number): GradientProblem {
  const { change } = bent(curvature);
  return {
    direction: Float64Array.of(3, 1, -1, 0, 0),
    gradients: [Float64Array.of(0.5, 1, 0, 0, 0), Float64Array.of(-0.25, 0, 1, 0, 0)],
    columns: [1, 2],
    own: 0,
    metric: (vector) => vector,
    editAlong,
    faces: {
      changeAtRise: (edit: Edit, _own: number, rise: number): Promise<MeanChange> => {
        // Score 0 is linear, so the amount that raises it by so much is known.
        const [x = 0] = edit.direction.vector as number[];
        const amount = rise / (2 * x);
        const step = (edit.direction.vector as number[]).map((value) => 2 * amount * value);
        return Promise.resolve({ amount, change: change(step) });
      },
    },
  };
}

async function leftover(curvature: number): Promise<number[]> {
  const problem = problemOf(curvature);
  const { vector } = await conditionByGradients(problem, 1);
  expect(dot(vector, vector)).toBeCloseTo(1, 12);
  const { change } = await problem.faces.changeAtRise(editAlong(vector), 0, 1);
  return change.slice(1);
}

describe("conditionByGradients", () => {
  it("of linear scores is the projection off their gradients", async () => {
    const { vector, cosine } = await conditionByGradients(problemOf(0), 1);
    for (const gradient of problemOf(0).gradients) expect(dot(vector, gradient)).toBeCloseTo(0, 12);
    expect(cosine).toBeCloseTo(dot(vector, [3, 1, -1, 0, 0]) / Math.sqrt(11), 12);
    for (const change of await leftover(0)) expect(change).toBeCloseTo(0, 12);
  });

  it("takes out what is left because scores bend along the edit", async () => {
    // To first order alone 0.2 would be left of each.
    for (const change of await leftover(0.2)) expect(Math.abs(change)).toBeLessThan(0.01);
  });

  it("holds scores the less the softer it shall, and keeps more of the direction", async () => {
    const found = await Promise.all(
      [0, 0.5, 5, 1e9].map(async (soft) => {
        const { vector, cosine } = await conditionByGradients({ ...problemOf(0), softness: [0, soft] }, 1);
        const [first, second] = problemOf(0).gradients;
        return { cosine, hard: dot(vector, first ?? []), soft: Math.abs(dot(vector, second ?? [])) };
      }),
    );
    for (const [at, { cosine, soft, hard }] of found.entries()) {
      expect(hard).toBeCloseTo(0, 8);
      const next = found[at + 1];
      if (next === undefined) continue;
      expect(next.cosine).toBeGreaterThan(cosine);
      expect(next.soft).toBeGreaterThan(soft);
    }
    const alone = await conditionByGradients(
      { ...problemOf(0), gradients: problemOf(0).gradients.slice(0, 1), columns: [1] },
      1,
    );
    expect(found.at(-1)?.cosine).toBeCloseTo(alone.cosine, 6);
  });

  it("does not mind a score that is named twice, and refuses what leaves nothing", async () => {
    const problem = problemOf(0);
    const { gradients } = problem;
    const twice = { ...problem, gradients: [...gradients, ...gradients], columns: [1, 2, 1, 2] };
    const [once, again] = [await conditionByGradients(problem, 1), await conditionByGradients(twice, 1)];
    again.vector.forEach((value, at) => {
      expect(value).toBeCloseTo(once.vector[at] ?? NaN, 6);
    });
    const all = [0, 1, 2, 3, 4].map(axis);
    const everything = { ...problem, gradients: all, columns: [1, 1, 1, 1, 1] };
    await expect(conditionByGradients(everything, 1)).rejects.toThrow("Nothing is left of the direction");
  });
});

describe("gradientAlong", () => {
  const gradient = new Random(3).normals(4 * D);
  const rows = [0, 1, 2, 3].map((layer) => gradient.subarray(layer * D, (layer + 1) * D));

  it("sums what a direction in w moves together, over its layers", () => {
    const direction = { ...exampleDirection(), space: "w" as const, shape: [D], layers: [1, 3] as const };
    const found = gradientAlong(Float64Array.from(gradient), direction, D);
    found.forEach((value, at) => {
      expect(value).toBeCloseTo((rows[1]?.[at] ?? NaN) + (rows[2]?.[at] ?? NaN), 6);
    });
  });

  it("keeps the rows of a direction in w+ apart", () => {
    const direction = { ...exampleDirection(), shape: [4, D], layers: [1, 3] as const };
    const found = gradientAlong(Float64Array.from(gradient), direction, D);
    expect(Array.from(found)).toEqual([
      ...new Array<number>(D).fill(0),
      ...gradient.subarray(D, 3 * D),
      ...new Array<number>(D).fill(0),
    ]);
    expect(dot(axis(0), found)).toBe(0);
  });
});
