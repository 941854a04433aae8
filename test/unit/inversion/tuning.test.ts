import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FaceNets } from "../../../src/engine/faces";
import {
  Tuner,
  tuningGraph,
  tuningSettings,
  weightGradient,
  psnr,
  type CheckpointState,
  type CheckpointStore,
  type TuningResult,
} from "../../../src/engine/inversion";
import { openTunedModel, seedsToZ } from "../../../src/engine/latents";
import type { Model } from "../../../src/engine/models";
import { GraphBuilder, reduceMean, reshape, type Graph } from "../../../src/engine/onnx";
import { failureOf } from "../../support/folder";
import { openSmallModel } from "../../support/openSmall";
import { Random } from "../../support/random";

let model: Model;
let close: () => Promise<void>;
let target: { w: Float32Array; x: Float32Array; embedding: Float32Array };

/** An identity net that sees the mean colour of the picture. */
function meanColours(size: number): Graph {
  const builder = new GraphBuilder("colours");
  const x = builder.input("x", [1, 3, size, size]);
  builder.output("embedding", reshape(reduceMean(x, [2, 3], false), [1, 3]));
  return builder.build();
}

function embed(x: Float32Array): Float32Array {
  const size = x.length / 3;
  return Float32Array.from({ length: 3 }, (_, colour) => {
    const plane = x.subarray(colour * size, (colour + 1) * size);
    return plane.reduce((sum, value) => sum + value, 0) / size;
  });
}

const nets = {
  identityGraph: (size: number) => Promise.resolve(meanColours(size)),
  embedCrops: (x: Float32Array) => Promise.resolve(embed(x)),
} as unknown as FaceNets;

function copyOf({ facts, arrays }: CheckpointState): CheckpointState {
  return {
    facts: JSON.parse(JSON.stringify(facts)) as Record<string, unknown>,
    arrays: new Map([...arrays].map(([name, data]) => [name, data.slice()])),
  };
}

/** Keeps copies, as a file does. @param isKilled as of a run that is killed: what it would keep when it is stopped is lost */
function memoryStore(isKilled = false): CheckpointStore & { kept: CheckpointState | undefined } {
  return {
    kept: undefined,
    load() {
      return Promise.resolve(this.kept);
    },
    offer(state) {
      this.kept = copyOf(state());
      return Promise.resolve();
    },
    keep(state) {
      if (!isKilled) this.kept = copyOf(state);
      return Promise.resolve();
    },
    clear: () => Promise.resolve(),
  };
}

beforeAll(async () => {
  ({ model, close } = await openSmallModel());
  // The face to match is that of another code: something that the generator could nearly draw.
  const codes = await model.map(seedsToZ([1, 2], model.zDimension));
  const pictures = await model.synthesize(codes);
  const x = pictures.slice(model.pictureSize).map((value) => Math.max(-1, Math.min(1, value)));
  target = { w: codes.slice(0, model.codeSize), x, embedding: embed(x) };
});
afterAll(() => close());

describe("tuningGraph", () => {
  it("has the gradients with respect to every weight that finite differences give", async () => {
    const tunable = await model.tunableSynthesis();
    const session = await model.runtime.compile(tuningGraph(tunable, meanColours(model.resolution)));
    const weights = Object.fromEntries(
      [...tunable.weights].map(([name, { data }]) => [name, Float32Array.from(data as Float32Array)]),
    );
    // Some pixels count less, one row nothing.
    const counts = Float32Array.from({ length: model.resolution ** 2 }, (_, at) =>
      at < model.resolution ? 0 : ((7 * at) % 11) / 10,
    );
    const { x, ...rest } = target;
    const inputs = {
      ...rest,
      ...weights,
      target: x,
      weights: counts,
      identityWeight: Float32Array.of(0.7),
    };
    const outputs = await session.run(inputs);
    const gradients = new Map(
      Object.keys(weights).map((name) => [
        name,
        (outputs[weightGradient(name)] ?? new Float32Array()).slice(),
      ]),
    );
    const random = new Random(5);
    for (const [name, weight] of Object.entries(weights)) {
      // Along a random direction, so that one difference speaks for all of a weight's numbers.
      const direction = random.normals(weight.length);
      const slope = direction.reduce((sum, d, i) => sum + d * (gradients.get(name)?.[i] ?? NaN), 0);
      const lossAt = async (t: number): Promise<number> => {
        const moved = weight.map((value, i) => value + t * (direction[i] ?? 0));
        return (await session.run({ ...inputs, [name]: moved }))["loss"]?.[0] ?? NaN;
      };
      // Small, for the network bends at each rectifier; the loss is near 1 and exact to 1e-7.
      const step = 2e-4;
      const difference = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
      expect(Math.abs(difference - slope), name).toBeLessThan(0.02 * Math.abs(slope) + 2e-3);
    }
    const sizes = [...gradients.values()].map((gradient) => Math.hypot(...gradient));
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    // What does not count may be anything.
    const pixelOf = async (changed: Float32Array): Promise<number> =>
      (await session.run({ ...inputs, target: changed }))["pixel"]?.[0] ?? NaN;
    const plane = model.resolution ** 2;
    const before = await pixelOf(x);
    const hidden = x.map((value, at) => (at % plane < model.resolution ? 1 - value : value));
    expect(await pixelOf(hidden)).toBe(before);
    expect(await pixelOf(x.map((value, at) => (at % plane === plane - 2 ? 1 - value : value)))).not.toBe(
      before,
    );
    await session.release();
  });
});

describe("Tuner", () => {
  const tune = async (
    options: Parameters<Tuner["tune"]>[1],
    hooks: Parameters<Tuner["tune"]>[2] = {},
  ): Promise<TuningResult> => {
    const tuner = new Tuner(model, nets);
    try {
      return await tuner.tune(target, options, hooks);
    } finally {
      await tuner.dispose();
    }
  };

  it("brings the picture to the photo by changing weights alone, the same way each time", async () => {
    const before = psnr(await model.synthesize(target.w, 1), target.x);
    const result = await tune({ steps: 20, learningRate: 0.02 });
    expect(result.metrics.psnr).toBeGreaterThan(before + 3);
    expect(result).toMatchObject({ steps: 20, cancelled: false, notes: [] });
    const total = result.course.losses["total"] ?? [];
    expect(result.losses["total"]).toBe(Math.min(...total));
    expect(result.course.losses["locality"]?.length).toBe(total.length);
    // The deltas are all there is to it.
    const tuned = await openTunedModel(model, result.deltas, 1);
    expect(await tuned.synthesize(target.w, 1)).toEqual(result.reconstruction);
    await tuned.dispose();
    expect((await tune({ steps: 20, learningRate: 0.02 })).deltas).toEqual(result.deltas);
  });

  it("draws what is left out as the face, not as what hides it", async () => {
    const { resolution: size } = model;
    const isBar = (at: number): boolean => at % size >= 6 && at % size < 9;
    const covered = { ...target, x: target.x.map((value, at) => (isBar(at) ? -value : value)) };
    const weights = Float32Array.from({ length: size ** 2 }, (_, at) => (isBar(at) ? 0 : 1));
    const untuned = await model.synthesize(target.w, 1);
    const away = (a: Float32Array, b: Float32Array, inside: boolean): number =>
      Math.sqrt(
        a.reduce((sum, value, at) => sum + (isBar(at) === inside ? (value - (b[at] ?? 0)) ** 2 : 0), 0),
      );
    const options = { steps: 20, learningRate: 0.02, identityWeight: 0 };
    const tuner = new Tuner(model, nets);
    const fitted = (await tuner.tune(covered, options)).reconstruction;
    const spared = (await tuner.tune({ ...covered, weights }, options)).reconstruction;
    // All ones are as none.
    const all = await tuner.tune({ ...covered, weights: weights.slice().fill(1) }, options);
    await tuner.dispose();
    expect(all.reconstruction).toEqual(fitted);
    // Larger, the less it is what hides the face.
    const nearness = (a: Float32Array): number => away(a, covered.x, true) / away(a, target.x, true);
    expect(nearness(spared)).toBeGreaterThan(1.5 * nearness(fitted));
    expect(away(spared, target.x, false)).toBeLessThan(0.3 * away(untuned, target.x, false));
    expect(away(spared, target.x, false)).toBeLessThan(away(fitted, target.x, false));
  });

  it("leaves other faces nearer to themselves with the locality regulariser", async () => {
    const free = await tune({ steps: 15, locality: 0 });
    const held = await tune({ steps: 15, locality: 3 });
    expect(held.others ?? NaN).toBeGreaterThan((free.others ?? NaN) + 1);
  });

  it("gives the best so far when it is cancelled, and nothing before the first step", async () => {
    const controller = new AbortController();
    const result = await tune(
      { steps: 40 },
      {
        signal: controller.signal,
        onProgress: ({ iteration }) => {
          if (iteration === 5) controller.abort();
        },
      },
    );
    expect(result.cancelled).toBe(true);
    expect(result.steps).toBeLessThan(8);
    expect(result.deltas.size).toBeGreaterThan(10);
    await expect(tune({ steps: 5 }, { signal: AbortSignal.abort() })).rejects.toThrow(/Cancelled/);
  });

  it.each([
    { how: "stopped", isKilled: false },
    { how: "killed", isKilled: true },
  ])("goes on from where it was $how, again and again, to the same bytes", async ({ isKilled }) => {
    const options = { steps: 24, learningRate: 0.02, previewEvery: 0 };
    const whole = await tune(options);
    const store = memoryStore(isKilled);
    const resumed: number[] = [];
    const stopAt = (stop: number): Promise<TuningResult> => {
      const controller = new AbortController();
      return tune(options, {
        signal: controller.signal,
        checkpoint: store,
        onProgress: ({ iteration, resumed: goesOn }) => {
          if (goesOn === true) resumed.push(iteration);
          // While it looks at another face: amid an iteration.
          if (iteration === stop) controller.abort();
        },
      });
    };
    expect((await stopAt(5)).cancelled).toBe(true);
    expect((await stopAt(13)).cancelled).toBe(true);
    const last = await stopAt(NaN);
    expect(resumed).toHaveLength(2);
    expect(resumed[0]).toBeGreaterThan(3);
    expect(resumed[1]).toBeGreaterThan(11);
    expect(last).toEqual(whole);
  });

  it("goes on after a retreat as well, and not from the state of other weights", async () => {
    const options = { steps: 8, learningRate: 1e18, identityWeight: 0 };
    const whole = await tune(options);
    const store = memoryStore();
    const controller = new AbortController();
    const hooks = {
      checkpoint: store,
      onProgress: ({ iteration }: { iteration: number }) => {
        if (iteration === 4) controller.abort();
      },
    };
    await tune(options, { ...hooks, signal: controller.signal });
    expect(store.kept?.facts["retreats"]).toBeGreaterThan(0);
    const kept = store.kept;
    expect(await tune(options, { checkpoint: store })).toEqual(whole);
    for (const spoil of [
      { facts: { ...kept?.facts, steps: "many" }, arrays: kept?.arrays ?? new Map() },
      { facts: { ...kept?.facts, notes: [1] }, arrays: kept?.arrays ?? new Map() },
      { facts: kept?.facts ?? {}, arrays: new Map([...(kept?.arrays ?? [])].slice(1)) },
    ]) {
      store.kept = spoil;
      let resumed = false;
      await tune(
        { ...options, steps: 1 },
        { checkpoint: store, onProgress: (told) => (resumed ||= told.resumed === true) },
      );
      expect(resumed).toBe(false);
    }
  });

  it("goes back and halves the rate where the loss is no number", async () => {
    const notes: string[] = [];
    const result = await tune(
      { steps: 12, learningRate: 1e18 },
      { onProgress: ({ note }) => note !== undefined && notes.push(note) },
    );
    expect(notes[0]).toMatch(/no number at step 1: went back/);
    expect(result.notes).toEqual(notes);
    expect(result.reconstruction.every(Number.isFinite)).toBe(true);
  });

  it("refuses crops, codes and settings that do not fit", async () => {
    const tuner = new Tuner(model, nets);
    const failure = await failureOf(() => tuner.tune({ ...target, x: target.x.subarray(1) }));
    expect(failure.message).toMatch(/does not fit the model small/);
    const weights = new Float32Array(3);
    expect((await failureOf(() => tuner.tune({ ...target, weights }))).message).toMatch(/does not fit/);
    expect(() => tuningSettings({ steps: 0 })).toThrow(/steps cannot be 0/);
    expect(() => tuningSettings({ learningRate: NaN })).toThrow(/learningRate cannot be NaN/);
  });
});
