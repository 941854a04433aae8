import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FaceNets } from "../../../src/engine/faces";
import {
  Tuner,
  tuningGraph,
  tuningSettings,
  weightGradient,
  psnr,
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
    const feeds = { ...target, ...weights, target: target.x, identityWeight: Float32Array.of(0.7) };
    const { x: _, ...inputs } = feeds;
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
    expect(() => tuningSettings({ steps: 0 })).toThrow(/steps cannot be 0/);
    expect(() => tuningSettings({ learningRate: NaN })).toThrow(/learningRate cannot be NaN/);
  });
});
