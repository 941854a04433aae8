import { describe, expect, it } from "vitest";
import { truncate } from "../../../src/engine/models";

const w = Float32Array.of(10, 20, -10, 0);
const average = Float32Array.of(2, 4);

describe("truncate", () => {
  it("pulls every layer to the average where there is no cut-off", () => {
    const result = truncate(w, average, { psi: 0.5, cutoff: null }, 3, 2);
    expect(result).toEqual(Float32Array.of(6, 12, 6, 12, 6, 12, -4, 2, -4, 2, -4, 2));
  });

  it("leaves the layers from the cut-off on", () => {
    const result = truncate(w, average, { psi: 0, cutoff: 1 }, 2, 2);
    expect(result).toEqual(Float32Array.of(2, 4, 10, 20, 2, 4, -10, 0));
  });

  it("takes an average for each layer", () => {
    const perLayer = Float32Array.of(0, 0, 100, 100);
    expect(truncate(w.subarray(0, 2), perLayer, { psi: 0, cutoff: null }, 2, 2)).toEqual(perLayer);
  });

  it("copies w bit for bit at psi 1", () => {
    const odd = Float32Array.of(0.1, 1e-30);
    expect(truncate(odd, average, { psi: 1, cutoff: null }, 1, 2)).toEqual(odd);
  });

  it.each([
    [w.subarray(0, 3), average],
    [w, average.subarray(0, 1)],
  ])("refuses sizes that do not fit", (codes, mean) => {
    expect(() => truncate(codes, mean, { psi: 1, cutoff: null }, 3, 2)).toThrow(/use latents of this model/);
  });
});
