import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedsToZ } from "../../../src/engine/latents";
import {
  Inverter,
  type CheckpointState,
  type InversionProgress,
  type InversionResult,
} from "../../../src/engine/inversion";
import { openDemoModel } from "../../support/demoModel";
import { MemoryCheckpoint } from "../../support/memoryCheckpoint";

/** So many looks have all parts of the way, RFM's loss last. */
const OPTIONS = { iterations: 40 };

let inverter: Inverter;
let close: () => Promise<void>;
let target: { x: Float32Array };
const memory = new MemoryCheckpoint();
let whole: InversionResult;

beforeAll(async () => {
  const demo = await openDemoModel();
  const { model } = demo;
  inverter = new Inverter(model, demo.nets);
  close = async () => {
    await inverter.dispose();
    await demo.close();
  };
  const w = await model.map(seedsToZ([11], model.zDimension));
  const x = (await model.synthesize(w, 1)).map((value) => Math.min(1, Math.max(-1, value)));
  // A bar over the eyes, so that what is left out is a part of the state.
  const { resolution: side } = model;
  target = {
    x: x.map((value, at) => {
      const row = Math.floor((at % (side * side)) / side) / side;
      return row > 0.4 && row < 0.55 ? -0.9 : value;
    }),
  };
  whole = await inverter.invert(target, OPTIONS, { checkpoint: memory });
}, 120_000);
afterAll(() => close());

/** As a file gives it back. */
const reread = ({ facts, arrays }: CheckpointState): CheckpointState => ({
  facts: JSON.parse(JSON.stringify(facts)) as CheckpointState["facts"],
  arrays,
});

describe("the fast method", () => {
  it("goes down in RFM's own loss at the end", () => {
    expect(whole.losses["rfm"]).toBeGreaterThan(0);
    expect(whole.occlusion).toBeDefined();
    expect(Object.keys(whole.course.losses).sort()).toEqual(["norm", "pixel", "total"]);
    expect(whole.iterations).toBeLessThanOrEqual(OPTIONS.iterations);
  });

  it("says nothing of what is only suspect where it is stopped early", async () => {
    const stop = new AbortController();
    const stopped = await inverter.invert(target, OPTIONS, {
      signal: stop.signal,
      onProgress: ({ iteration }) => {
        if (iteration >= 2) stop.abort();
      },
    });
    expect(stopped.cancelled).toBe(true);
    expect(stopped.occlusion).toBeUndefined();
    expect(stopped.notes).toEqual([]);
  });

  it("is the same to the bit when another photo is inverted at the same time", async () => {
    const other = { x: target.x.map((value) => -value) };
    const [beside] = await Promise.all([inverter.invert(target, OPTIONS), inverter.invert(other, OPTIONS)]);
    expect(beside).toEqual(whole);
  });

  it.each([0.1, 0.5, 0.95])(
    "is the same to the bit when it goes on from what was kept after %s of the way",
    async (share) => {
      const kept = memory.states[Math.floor(share * memory.states.length)] ?? expect.fail("nothing kept");
      const checkpoint = new MemoryCheckpoint(reread(kept));
      const told: InversionProgress[] = [];
      const resumed = await inverter.invert(target, OPTIONS, {
        checkpoint,
        onProgress: (progress) => told.push(progress),
      });
      expect(told.some(({ resumed: goesOn }) => goesOn === true)).toBe(true);
      expect(checkpoint.states.length).toBeLessThan(memory.states.length);
      expect(resumed).toEqual(whole);
    },
    60_000,
  );

  it("is the same to the bit when it was stopped within a step", async () => {
    const stop = new AbortController();
    const checkpoint = new MemoryCheckpoint();
    const cut = await inverter.invert(target, OPTIONS, {
      checkpoint,
      signal: stop.signal,
      onProgress: ({ iteration }) => {
        if (iteration > 20) stop.abort();
      },
    });
    expect(cut.cancelled).toBe(true);
    const kept = checkpoint.states.at(-1) ?? expect.fail("nothing kept");
    expect(
      await inverter.invert(target, OPTIONS, { checkpoint: new MemoryCheckpoint(reread(kept)) }),
    ).toEqual(whole);
  }, 60_000);

  it("starts anew from what is no state of it", async () => {
    const [first] = memory.states;
    const broken = { facts: { ...first?.facts, past: "none" }, arrays: first?.arrays ?? new Map() };
    expect(await inverter.invert(target, OPTIONS, { checkpoint: new MemoryCheckpoint(broken) })).toEqual(
      whole,
    );
  }, 60_000);
});
