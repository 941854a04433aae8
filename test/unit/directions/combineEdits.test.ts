import { expect, it } from "vitest";
import { applyEdits, combineEdits } from "../../../src/engine/directions";
import type { Edit } from "../../../src/engine/files";

const MODEL = { name: "tiny", sha256: "a".repeat(64), layers: 3, wDimension: 2 };
const RUN = { createdAt: "2026-01-01T00:00:00Z", version: "0" };

function edit(vector: number[], amount: number, layers: readonly [number, number]): Edit {
  const direction = { name: "d", path: "d", sha256: "0".repeat(64), space: "w" as const, sigma: 2, vector };
  return { direction, amount, layers, clip: 0, muted: false };
}

const EDITS = [edit([0.6, 0.8], 1.5, [1, 3]), edit([1, 0], -0.5, [2, 3])];

it("is a unit vector that at amount 1 does what the edits do together", () => {
  const combined = combineEdits(EDITS, { name: "both", model: MODEL, run: RUN });
  expect(combined).toMatchObject({ attribute: "both", space: "w+", shape: [3, 2], layers: [1, 3] });
  expect(Math.hypot(...combined.vector.flat())).toBeCloseTo(1, 6);
  const { vector, sigma = 0, layers } = combined;
  const once: Edit = {
    ...edit([], 1, layers),
    direction: { ...edit([], 1, layers).direction, sigma, vector },
  };
  const w = Float32Array.of(1, 2, 3, 4, 5, 6);
  const [together, alone] = [applyEdits(w, 3, 2, EDITS), applyEdits(w, 3, 2, [once])];
  together.forEach((value, at) => {
    expect(alone[at]).toBeCloseTo(value, 5);
  });
});

it("of edits that move nothing is refused", () => {
  const nothing = [edit([1, 0], 0, [0, 3]), { ...edit([1, 0], 1, [0, 3]), muted: true }];
  expect(() => combineEdits(nothing, { name: "none", model: MODEL, run: RUN })).toThrow(
    "The edits move nothing, so none would be no direction",
  );
});
