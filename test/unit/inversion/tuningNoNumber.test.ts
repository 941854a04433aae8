import { expect, it } from "vitest";
import { tuningSettings } from "../../../src/engine/inversion/tuning/options";
import { TuningRun, type TuningSessions } from "../../../src/engine/inversion/tuning/run";
import { weightGradient } from "../../../src/engine/inversion/tuning/graph";

const STEPS = 20;

/** A generator of one weight, which is the pixel loss; the recognition net says NaN when it is asked at one step. */
function sessions(bad: number): TuningSessions {
  let looks = 0;
  const session = (asks: boolean): unknown => ({
    run: ({ weight = new Float32Array() }: Record<string, Float32Array>) => {
      const identity = Float32Array.of(looks++ === bad ? NaN : 0.5);
      const x = new Float32Array(3);
      const slope = { [weightGradient("weight")]: Float32Array.of(1) };
      return Promise.resolve({ pixel: weight.slice(), ...slope, x, ...(asks && { identity }) });
    },
  });
  const weights = new Map([["weight", { type: "float32", shape: [1], data: Float32Array.of(9) }]]);
  return {
    name: "small",
    tunable: { weights },
    plain: session(false),
    withIdentity: session(true),
  } as unknown as TuningSessions;
}

it.each([4, 8, 16])("goes back once where the recognition net says NaN once, at step %i", async (bad) => {
  const target = { x: new Float32Array(3), w: new Float32Array(1), embedding: new Float32Array(1) };
  const settings = tuningSettings({ steps: STEPS, locality: 0, identityWeight: 0.01 });
  const run = new TuningRun(sessions(bad), target, [], settings, {});
  await run.optimise();
  expect(run.state.retreats).toBe(1);
  expect(run.state.notes).toEqual([expect.stringContaining(`no number at step ${bad}`)]);
  expect(run.state.steps).toBe(STEPS - 1);
});
