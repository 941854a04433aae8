import { describe, expect, it } from "vitest";
import { lerp, seedToZ, slerp, wPlusNorm } from "../../../src/engine/latents";

const [a, b] = [seedToZ(1), seedToZ(2)];

describe("morphing", () => {
  it.each([lerp, slerp])("starts and ends at its two latents", (between) => {
    for (const [t, end] of [
      [0, a],
      [1, b],
    ] as const) {
      between(a, b, t).forEach((value, i) => {
        expect(value).toBeCloseTo(end[i] ?? NaN, 5);
      });
    }
  });

  it("keeps the length on the great circle where the straight line cuts the corner", () => {
    const expected = (wPlusNorm(a) + wPlusNorm(b)) / 2;
    expect(wPlusNorm(slerp(a, b, 0.5))).toBeCloseTo(expected, 3);
    expect(wPlusNorm(lerp(a, b, 0.5))).toBeLessThan(0.8 * expected);
  });

  it("takes the straight line between parallel latents and from the origin", () => {
    const half = a.map((value) => value / 2);
    expect(slerp(a, half, 0.5)).toEqual(lerp(a, half, 0.5));
    expect(slerp(new Float32Array(512), a, 0.25)).toEqual(lerp(new Float32Array(512), a, 0.25));
  });

  it("refuses latents of different models", () => {
    expect(() => lerp(a, a.subarray(1), 0.5)).toThrow(/512 and 511 numbers/);
  });
});

describe("wPlusNorm", () => {
  it("is the Euclidean norm of all rows together", () => {
    expect(wPlusNorm(Float32Array.of(3, 0, 0, 4))).toBe(5);
  });
});
