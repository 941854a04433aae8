import { afterAll, expect, it } from "vitest";
import { MomentSums } from "../../../src/engine/inversion/encoder/moments";
import { RidgeRegression } from "../../../src/engine/inversion/encoder/ridge";
import { openRuntime } from "../../../src/engine/runtime";
import { Random } from "../../support/random";

const runtime = await openRuntime("cpu");
afterAll(() => runtime.dispose());

const [SAMPLES, FEATURES, CODES] = [700, 9, 4];
const source = new Random(5);
const next = (): number => source.uniform();
const features = Float32Array.from({ length: SAMPLES * FEATURES }, (_, at) => {
  const j = at % FEATURES;
  return 100 * j + (j + 0.1) * (next() - 0.5);
});
const codes = Float32Array.from({ length: SAMPLES * CODES }, (_, at) => {
  const row = Math.floor(at / CODES);
  return (features[row * FEATURES + (at % CODES)] ?? 0) + next();
});

/** Samples that come a few at a time, as faces do. */
async function moments(): ReturnType<MomentSums["finish"]> {
  const sums = new MomentSums(runtime, FEATURES, CODES);
  for (let row = 0; row < SAMPLES; row += 3) {
    const end = Math.min(SAMPLES, row + 3);
    await sums.add(
      features.subarray(row * FEATURES, end * FEATURES),
      codes.subarray(row * CODES, end * CODES),
    );
  }
  return sums.finish();
}

it.each([2, 0.1, 1e-3])("finds the minimum of the ridge objective at strength %d", async (strength) => {
  const found = await moments();
  const ridge = new RidgeRegression(runtime, found);
  const { weights, intercept } = await ridge.solve(strength);
  await ridge.dispose();
  // The objective's derivatives, from the samples alone: with respect to the intercept and to each standardised weight.
  for (let j = 0; j < CODES; j++) {
    const residuals = Array.from({ length: SAMPLES }, (_, row) => {
      let said = intercept[j] ?? NaN;
      for (let i = 0; i < FEATURES; i++)
        said += (features[row * FEATURES + i] ?? NaN) * (weights[i * CODES + j] ?? NaN);
      return said - (codes[row * CODES + j] ?? NaN);
    });
    expect(residuals.reduce((sum, value) => sum + value, 0) / SAMPLES).toBeCloseTo(0, 3);
    for (let i = 0; i < FEATURES; i++) {
      const factor = found.factor[i] ?? NaN;
      const pull = residuals.reduce((sum, value, row) => {
        const away = ((features[row * FEATURES + i] ?? NaN) - (found.shift[i] ?? NaN)) * factor;
        return sum + value * (away - (found.featureMean[i] ?? NaN));
      }, 0);
      const slope = pull / SAMPLES + (strength * (weights[i * CODES + j] ?? NaN)) / factor;
      expect(Math.abs(slope)).toBeLessThan(2e-3);
    }
  }
});

it("starts from the stronger penalty's solution without being bound to it", async () => {
  const found = await moments();
  const ridge = new RidgeRegression(runtime, found);
  await ridge.solve(5);
  const after = await ridge.solve(0.01);
  await ridge.dispose();
  const fresh = new RidgeRegression(runtime, found);
  const alone = await fresh.solve(0.01);
  await fresh.dispose();
  after.weights.forEach((value, at) => {
    expect(Math.abs(value - (alone.weights[at] ?? NaN))).toBeLessThan(0.02);
  });
});
