import { describe, expect, it } from "vitest";
import { LreqAdam } from "../../../src/engine/inversion";
import { repository } from "../../support/demoModel";
import { fixtureNumbers } from "../../support/networks";

describe("LREQAdam", () => {
  it("takes the twenty steps that PyTorch takes", async () => {
    const expected = await fixtureNumbers(repository("test/fixtures/inversion/rfm/lreqAdam.safetensors"));
    const steps = expected("steps");
    const x = new Float32Array(40);
    const adam = new LreqAdam(x, { equalisation: 0.25 });
    for (let t = 0; t < 20; t++) {
      adam.step(
        x.map((_, i) => Math.sin(1.3 * i + 0.7 * t) * 10 ** ((i % 5) - 3)),
        0.005,
      );
      const wanted = steps.subarray(40 * t, 40 * (t + 1));
      const worst = Math.max(...x.map((value, i) => Math.abs(value - (wanted[i] ?? NaN))));
      // Steps are a thousandth each.
      expect(worst, `step ${t + 1}`).toBeLessThan(1e-7);
    }
    expect(adam.steps).toBe(20);
  });

  it("moves by rate and equalisation at first, whatever the gradient's size", () => {
    const x = new Float32Array(3);
    new LreqAdam(x, { equalisation: 0.5 }).step(Float32Array.of(1e-3, -40, 0), 0.1);
    expect(x[0]).toBeCloseTo(-0.05, 5);
    expect(x[1]).toBeCloseTo(0.05, 5);
    expect(x[2]).toBe(0);
  });
});
