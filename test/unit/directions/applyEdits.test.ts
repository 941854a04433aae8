import { describe, expect, it } from "vitest";
import { applyEdits } from "../../../src/engine/directions";
import type { Edit } from "../../../src/engine/files";
import { Random } from "../../support/random";

const LAYERS = 3;
const DIMENSION = 4;

function edit(changes: Partial<Edit> = {}, direction: Partial<Edit["direction"]> = {}): Edit {
  return {
    direction: {
      name: "smile",
      path: "smile.direction.json",
      sha256: "0".repeat(64),
      space: "w",
      sigma: 2,
      coefficientNorm: 10,
      vector: [0.5, -0.5, 0.1, 0.7],
      ...direction,
    },
    amount: 3,
    layers: [1, 3],
    clip: 0,
    muted: false,
    ...changes,
  };
}

const zeros = (): Float32Array => new Float32Array(LAYERS * DIMENSION);
const apply = (w: Float32Array, ...edits: Edit[]): Float32Array => applyEdits(w, LAYERS, DIMENSION, edits);
const row = (w: Float32Array, layer: number): number[] =>
  Array.from(w.subarray(layer * DIMENSION, (layer + 1) * DIMENSION));

describe("applyEdits", () => {
  it("adds amount * sigma * vector on the layers, and nothing elsewhere", () => {
    const moved = apply(zeros(), edit());
    expect(row(moved, 0)).toEqual([0, 0, 0, 0]);
    const expected = Array.from(Float32Array.from([3, -3, 0.6, 4.2]));
    expect(row(moved, 1)).toEqual(expected);
    expect(row(moved, 2)).toEqual(expected);
  });

  it("keeps every bit at amounts of zero, negative zeros too, and when muted", () => {
    const w = new Random(1).normals(LAYERS * DIMENSION);
    w[5] = -0;
    w[6] = 1e-42;
    for (const same of [apply(w), apply(w, edit({ amount: 0 })), apply(w, edit({ muted: true }))]) {
      expect(Buffer.from(same.buffer)).toEqual(Buffer.from(w.buffer));
    }
  });

  it("leaves the bits of rows and entries that an edit does not move", () => {
    const w = zeros().fill(-0);
    const moved = apply(w, edit({ layers: [1, 2], clip: 1 }));
    expect(Object.is(moved[0], -0)).toBe(true);
    expect(Object.is(moved[6], -0)).toBe(true);
  });

  it("does not change the latent it is given", () => {
    const w = zeros();
    apply(w, edit());
    expect(w).toEqual(zeros());
  });

  it("counts entries up to the clip as zero, in units of the fitted coefficients", () => {
    expect(row(apply(zeros(), edit({ clip: 5 })), 1)).toEqual([0, 0, 0, Math.fround(4.2)]);
    expect(row(apply(zeros(), edit({ clip: 4.99 })), 1)).toEqual([3, -3, 0, Math.fround(4.2)]);
  });

  it("takes its own row of a w+ direction for each layer, and amounts by layer", () => {
    const vector = [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ];
    const moved = apply(zeros(), edit({ layerAmounts: [1, 0.5] }, { vector, space: "w+" }));
    expect(row(moved, 1)).toEqual([0, 6, 0, 0]);
    expect(row(moved, 2)).toEqual([0, 0, 3, 0]);
  });

  it("takes amounts as raw lengths where a direction has no sigma", () => {
    const { sigma: _, ...direction } = edit().direction;
    expect(row(apply(zeros(), { ...edit(), direction }), 1)[0]).toBe(1.5);
  });

  it("undoes itself: an edit and its opposite cancel to the last bit", () => {
    const w = new Random(2).normals(LAYERS * DIMENSION);
    expect(apply(w, edit(), edit({ amount: -3 }))).toEqual(w);
  });

  it.each([
    ["another dimension", edit({}, { vector: [1, 0] }), /shape of this latent/],
    [
      "another number of layers",
      edit(
        {},
        {
          vector: [
            [1, 0, 0, 0],
            [0, 1, 0, 0],
          ],
        },
      ),
      /shape of this latent/,
    ],
    ["layers that are not there", edit({ layers: [0, 9] }), /choose layers inside/],
    ["the space z", edit({}, { space: "z" }), /space z/],
    ["layer amounts of another length", edit({ layerAmounts: [1] }), /one for each/],
  ])("refuses %s", (_, wrong, sentence) => {
    expect(() => apply(zeros(), wrong)).toThrow(sentence);
  });

  it("moves codes of one row, which are z, along directions in z, and no others", () => {
    const inZ = edit({ layers: [0, 1] }, { space: "z" });
    expect(Array.from(applyEdits(new Float32Array(DIMENSION), 1, DIMENSION, [inZ]))).toEqual(
      Array.from(Float32Array.from([3, -3, 0.6, 4.2])),
    );
    expect(() => apply(zeros(), inZ)).toThrow(/one of the space z and cannot move a w/);
  });
});
