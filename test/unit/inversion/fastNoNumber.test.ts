import { expect, it } from "vitest";
import { inversionSettings } from "../../../src/engine/inversion";
import { faceFrame } from "../../../src/engine/inversion/fast/residual";
import { FastRun } from "../../../src/engine/inversion/fast/run";
import type { InversionSessions } from "../../../src/engine/inversion/fast/sessions";
import { FastState } from "../../../src/engine/inversion/fast/state";
import type { InversionProgress } from "../../../src/engine/inversion/method";
import { gradientName } from "../../../src/engine/onnx";

const SIDE = 4;
const LOOKS = 12;

/** Half the squared length of w, where something is no number at one look. */
function bowl(bad: number, what: "value" | "gradient"): InversionSessions {
  let looks = 0;
  const session = {
    inputs: new Map(),
    run: ({ w }: { readonly w: Float32Array }) => {
      const isBad = looks++ === bad;
      const value = w.reduce((sum, each) => sum + each ** 2 / 2, 0);
      const loss = Float32Array.of(isBad && what === "value" ? NaN : value);
      const slope = isBad && what === "gradient" ? w.map(() => NaN) : w.slice();
      const x = new Float32Array(3 * SIDE * SIDE);
      return Promise.resolve({ loss, [gradientName("loss", "w")]: slope, pixel: loss, norm: loss, x });
    },
  };
  return {
    model: { name: "bowl", resolution: SIDE },
    hasCoarse: () => Promise.resolve(false),
    plain: () => Promise.resolve(session),
  } as unknown as InversionSessions;
}

async function descend(
  bad: number,
  what: "value" | "gradient" = "value",
): Promise<{ run: FastRun; told: string[] }> {
  const settings = inversionSettings({ iterations: LOOKS, polish: false, occluders: "fit" });
  const state = new FastState(Float32Array.of(3, 4), SIDE * SIDE, settings);
  const told: string[] = [];
  const onProgress = ({ note }: InversionProgress): void => {
    if (note !== undefined) told.push(note);
  };
  const frame = faceFrame(SIDE, { scale: 1, centre: 0.5 });
  const target = new Float32Array(3 * SIDE * SIDE);
  const run = new FastRun(bowl(bad, what), target, undefined, state, { onProgress }, frame, undefined);
  await run.optimise();
  return { run, told };
}

it("says nothing where all losses are numbers", async () => {
  const { run, told } = await descend(-1);
  expect(run.notes).toEqual([]);
  expect(told).toEqual([]);
  expect(run.state.losses?.["pixel"]).toBeLessThan(1e-6);
});

it.each(["value", "gradient"] as const)(
  "takes a step back whose %s is no number, halves it, goes on and tells",
  async (what) => {
    const { run, told } = await descend(2, what);
    expect(told).toEqual(run.notes);
    expect(run.notes).toEqual([expect.stringMatching(/^The loss was no number at some steps/)]);
    expect(run.state.losses?.["pixel"]).toBeLessThan(1e-6);
  },
);

it("tells after an interruption what was before it", async () => {
  const { run } = await descend(2);
  const saved = JSON.parse(JSON.stringify(run.state.save().facts)) as Record<string, unknown>;
  const state = new FastState(Float32Array.of(0, 0), SIDE * SIDE, run.settings);
  expect(state.load({ ...run.state.save(), facts: saved })).toBe(true);
  expect(state.failures).toBe(1);
});
