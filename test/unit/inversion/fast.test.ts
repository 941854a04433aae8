import { describe, expect, it } from "vitest";
import { averaged, coarseSynthesis } from "../../../src/engine/inversion/fast/coarse";
import { weightsOfGrid } from "../../../src/engine/inversion/fast/occlusion";
import { ProgressWatch } from "../../../src/engine/inversion/fast/progressWatch";
import { Lbfgs } from "../../../src/engine/inversion/optimisers";
import { add, GraphBuilder, matmul, reshape, resizeNearest } from "../../../src/engine/onnx";

/** Rosenbrock's valley: 0 at (1, 1), and hard for first-order steps. */
const valley = (point: Float32Array): { value: number; gradient: Float32Array } => {
  const [x = NaN, y = NaN] = point;
  const bend = y - x * x;
  return {
    value: (1 - x) ** 2 + 100 * bend ** 2,
    gradient: Float32Array.of(-2 * (1 - x) - 400 * x * bend, 200 * bend),
  };
};

describe("Lbfgs", () => {
  it("finds the bottom of Rosenbrock's valley in few looks, never going up", async () => {
    const point = Float32Array.of(-1.2, 1);
    const lbfgs = new Lbfgs(point, 0.2);
    let looks = 0;
    let last = Infinity;
    for (let step = 0; step < 80; step++) {
      const value = await lbfgs.step((at) => {
        looks++;
        return Promise.resolve(valley(at));
      }, 20);
      if (value === undefined) break;
      expect(value).toBeLessThanOrEqual(last);
      last = value;
    }
    expect(last).toBeLessThan(1e-6);
    expect(looks).toBeLessThan(120);
  });

  it("steps back from values that are no numbers, and keeps to its looks", async () => {
    const point = Float32Array.of(1);
    const lbfgs = new Lbfgs(point, 4);
    let looks = 0;
    const evaluate = (at: Float32Array): Promise<{ value: number; gradient: Float32Array }> => {
      looks++;
      const x = at[0] ?? NaN;
      return Promise.resolve({ value: x < 0 ? NaN : x * x, gradient: Float32Array.of(2 * x) });
    };
    expect(await lbfgs.step(evaluate, 2)).toBeUndefined();
    expect(looks).toBe(2);
    expect(point[0]).toBe(1);
    expect(await lbfgs.step(evaluate, 10)).toBeLessThan(1);
    expect(point[0]).toBeGreaterThanOrEqual(0);
  });
});

it("leaves the last point that was kept where a look fails", async () => {
  const point = Float32Array.of(3);
  const lbfgs = new Lbfgs(point, 1);
  let looks = 0;
  const evaluate = ([x = NaN]: Float32Array): Promise<{ value: number; gradient: Float32Array }> => {
    if (++looks === 3) return Promise.reject(new Error("stopped"));
    return Promise.resolve({ value: x * x, gradient: Float32Array.of(2 * x) });
  };
  await lbfgs.step(evaluate, 9);
  const kept = point[0];
  await expect(lbfgs.step(evaluate, 9)).rejects.toThrow("stopped");
  expect(point[0]).toBe(kept);
});

describe("weightsOfGrid", () => {
  it("goes evenly from the middle of one cell to that of the next, and keeps the outermost at the border", () => {
    const weights = weightsOfGrid(
      [
        [0, 1],
        [1, 0],
      ],
      8,
    );
    expect([...weights.subarray(0, 8)]).toEqual([0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1]);
    expect(weights[4 * 8 + 4]).toBeCloseTo(0.625 * 0.375 + 0.375 * 0.625, 6);
    expect(weights[63]).toBe(0);
  });

  it("takes a grid of the picture's size as it is, and ones as ones", () => {
    const grid = [
      [0.5, 0.25],
      [1, 0],
    ];
    expect([...weightsOfGrid(grid, 2)]).toEqual(grid.flat());
    const ones = Array.from({ length: 3 }, () => [1, 1, 1, 1, 1]);
    expect(new Set(weightsOfGrid(ones, 64))).toEqual(new Set([1]));
    expect(() => weightsOfGrid([[1], [1, 1]], 2)).toThrow(RangeError);
  });
});

it("notices a loss that hardly falls, not one that falls", () => {
  const watch = new ProgressWatch();
  for (let step = 0; step < 30; step++) expect(watch.isFlat(0.98 ** step)).toBe(false);
  const flat = Array.from({ length: 12 }, (_, step) => watch.isFlat(0.5 - 1e-5 * step));
  expect(flat.at(-1)).toBe(true);
});

describe("coarse pictures", () => {
  it("are those that a generator with skip connections adds up on its way", () => {
    const builder = new GraphBuilder("skips");
    const w = builder.input("w", [1, 2, 4]);
    const row = reshape(w, [1, 8]);
    const draw = (side: number): ReturnType<typeof reshape> => {
      const weights = Float32Array.from({ length: 8 * 3 * side * side }, (_, at) => Math.sin(at));
      return reshape(matmul(row, builder.constant(weights, [8, 3 * side * side])), [1, 3, side, side]);
    };
    const small = add(draw(4), resizeNearest(draw(2), 2));
    builder.output("x", add(draw(8), resizeNearest(small, 2)));
    const coarse = coarseSynthesis(builder.build(), 4);
    expect(coarse?.types.get("x")?.shape).toEqual([1, 3, 4, 4]);
    expect(coarse?.nodes.some(({ outputs }) => outputs.includes(small.name))).toBe(false);
    expect(coarseSynthesis(builder.build(), 16)).toBeUndefined();
    expect(coarseSynthesis(builder.build(), 8)?.types.get("x")?.shape).not.toEqual([1, 3, 16, 16]);
  });

  it("are compared with means of the whole ones", () => {
    const picture = Float32Array.from({ length: 3 * 16 }, (_, at) => at);
    expect([...averaged(picture, 4, 2)]).toEqual(
      [0, 16, 32].flatMap((c) => [2.5, 4.5, 10.5, 12.5].map((v) => v + c)),
    );
  });
});
