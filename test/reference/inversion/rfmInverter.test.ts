import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCheckpoint } from "../../../src/engine/checkpoints";
import type { FaceNets } from "../../../src/engine/faces";
import {
  CheckpointFile,
  LenientCheckpoint,
  type CheckpointState,
  RfmInverter,
  type InversionProgress,
  type RfmOptions,
} from "../../../src/engine/inversion";
import {
  buildPerceptualPack,
  importGenerator,
  openModel,
  openPerceptual,
  type Model,
  type Perceptual,
} from "../../../src/engine/models";
import { recogniseEncoder, recogniseGenerator, recogniseLpips } from "../../../src/engine/networks";
import { openRuntime, type Runtime } from "../../../src/engine/runtime";
import { repository } from "../../support/demoModel";
import { temporaryFolder } from "../../support/folder";
import { MemoryCheckpoint } from "../../support/memoryCheckpoint";
import { difference } from "../../support/networks";
import { readRfmFixture, type RfmFixture } from "../../support/rfmFixture";

/** Learning rates at which the losses of the narrow networks overflow after a first step, and some halvings later no more. */
const EDGE = { latent: 4e18, encoder: 1e4 };

const folder = temporaryFolder();
/** RFM's method asks them only where LPIPS is missing. */
const noFaceNets = { sha256: "none" } as unknown as FaceNets;

let fixture: RfmFixture;
let runtime: Runtime;
let model: Model;
let bare: Model;
let perceptual: Perceptual;

beforeAll(async () => {
  fixture = await readRfmFixture(64);
  runtime = await openRuntime("cpu");
  const file = (name: string) => openCheckpoint(repository(`test/fixtures/inversion/rfm/64.${name}.pth`));
  const generator = await recogniseGenerator([await file("Gs_dict")])?.load();
  const encoder = await recogniseEncoder([await file("E")])?.load();
  const vgg = await recogniseLpips([
    await openCheckpoint(repository("test/fixtures/lpips/whole.pt")),
  ])?.load();
  if (generator === undefined || encoder === undefined || vgg === undefined)
    throw new Error("not recognised");
  const about = {
    title: "t",
    alignment: { scale: 1, centre: 0.1 },
    licence: "none",
    files: [{ name: "x.pth", sha256: "0".repeat(64) }],
    runtime,
  };
  const whole = await importGenerator(join(folder, "whole"), generator, { ...about, name: "whole", encoder });
  model = await openModel(whole, runtime);
  const alone = await importGenerator(join(folder, "bare"), generator, { ...about, name: "bare" });
  bare = await openModel(alone, runtime);
  await buildPerceptualPack(join(folder, "lpips"), { name: "lpips", title: "t", weights: vgg });
  perceptual = await openPerceptual(join(folder, "lpips"), runtime);
});
afterAll(() => runtime.dispose());

const target = () => ({ x: fixture.target });

describe.each(["latent", "encoder"] as const)("RFM's inversion of the %s", (optimize) => {
  let inverter: RfmInverter;

  beforeAll(() => {
    inverter = new RfmInverter(model, noFaceNets, perceptual);
  });
  afterAll(() => inverter.dispose());

  it("goes the way that PyTorch goes", async () => {
    const memory = new MemoryCheckpoint();
    const told: InversionProgress[] = [];
    const result = await inverter.invert(
      target(),
      { iterations: 4, optimize },
      {
        checkpoint: memory,
        onProgress: (progress) => told.push(progress),
      },
    );
    const last = memory.states.at(-1)?.arrays.get("parameter w") ?? result.w;
    expect(difference(last, fixture.expected(`inverted ${optimize}`))).toBeLessThan(1e-3);
    expect(result).toMatchObject({ iterations: 4, beta: 0.001, p: 2, notes: [], cancelled: false });
    const totals = result.course.losses["total"] ?? [];
    expect(totals).toHaveLength(5);
    expect(result.losses["total"]).toBe(Math.min(...totals));
    expect(result.losses["total"]).toBeLessThan(totals[0] ?? NaN);
    const { image = NaN, latent = NaN, total = NaN } = result.losses;
    expect(image + latent).toBeCloseTo(total, 4);
    expect(told.filter(({ losses }) => losses !== undefined).map(({ iteration }) => iteration)).toEqual([
      0, 1, 2, 3, 4,
    ]);
  });

  it("is the same to the bit when it goes on from a state that was kept", async () => {
    const memory = new MemoryCheckpoint();
    const whole = await inverter.invert(target(), { iterations: 6, optimize }, { checkpoint: memory });
    const resumed = await inverter.invert(
      target(),
      { iterations: 6, optimize },
      { checkpoint: new MemoryCheckpoint(memory.states[3]) },
    );
    expect(resumed.w).toEqual(whole.w);
    expect(resumed.course).toEqual(whole.course);
    expect(resumed.losses).toEqual(whole.losses);
  });

  it("starts anew where what was kept is of something else", async () => {
    const broken: CheckpointState = { facts: { iteration: 3, steps: "many" }, arrays: new Map() };
    const options: RfmOptions = { iterations: 1, optimize };
    const fresh = await inverter.invert(target(), options);
    const resumed = await inverter.invert(target(), options, { checkpoint: new MemoryCheckpoint(broken) });
    expect(resumed).toEqual(fresh);
  });

  it("keeps its state and the best so far when it is stopped", async () => {
    const controller = new AbortController();
    const memory = new MemoryCheckpoint();
    const result = await inverter.invert(
      target(),
      { iterations: 50, optimize },
      {
        checkpoint: memory,
        signal: controller.signal,
        onProgress: ({ iteration }) => {
          if (iteration === 2) controller.abort();
        },
      },
    );
    expect(result.cancelled).toBe(true);
    expect(result.iterations).toBe(3);
    expect(memory.states.at(-1)?.facts).toMatchObject({ iteration: 3 });
    const abort = { signal: AbortSignal.abort() };
    await expect(inverter.invert(target(), { optimize }, abort)).rejects.toThrow(/Cancelled/);
  });

  it("goes back with half the rate where the loss is no number, and says so", async () => {
    const rate = 1e30;
    const notes: string[] = [];
    const result = await inverter.invert(
      target(),
      { iterations: 3, optimize, learningRate: rate },
      {
        onProgress: ({ note }) => {
          if (note !== undefined) notes.push(note);
        },
      },
    );
    expect(result.notes[0]).toMatch(/^The loss was no number at iteration 1: went back to iteration 0 with/);
    expect(result.notes.at(-1)).toMatch(/stopped at iteration 1/);
    expect(result.course.iterations).toEqual([0]);
    expect(notes).toEqual(result.notes);
    expect(result.w.every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(result.losses["total"])).toBe(true);
  });

  it("gets through where half the rate is low enough", async () => {
    const options = { iterations: 3, optimize, learningRate: EDGE[optimize] };
    const memory = new MemoryCheckpoint();
    const result = await inverter.invert(target(), options, { checkpoint: memory });
    expect(result.notes.length).toBeGreaterThan(0);
    // What was mended before an interruption is told after it, too.
    const kept = new MemoryCheckpoint(memory.states.at(-2));
    expect((await inverter.invert(target(), options, { checkpoint: kept })).notes).toEqual(result.notes);
    expect(result.iterations).toBe(3);
    expect(result.course.iterations).toEqual([0, 1, 2, 3]);
  });
});

describe("RFM's inversion where parts are missing", () => {
  it("optimises the latent of a model without encoder, and says so", async () => {
    const inverter = new RfmInverter(bare, noFaceNets, perceptual);
    const result = await inverter.invert(target(), { iterations: 2 });
    expect(result.notes).toHaveLength(1);
    expect(result.notes[0]).toMatch(/has no encoder: the latent itself is optimised/);
    expect(Object.keys(result.losses)).not.toContain("const");
    await expect(inverter.invert(target(), { optimize: "encoder" })).rejects.toThrow(/bare has no encoder/);
    await inverter.dispose();
  });

  it("refuses a crop of another size", async () => {
    const inverter = new RfmInverter(model, noFaceNets, perceptual);
    await expect(inverter.invert({ x: new Float32Array(12) })).rejects.toThrow(/align the photo/);
  });
});

describe("CheckpointFile", () => {
  const state: CheckpointState = {
    facts: { iteration: 7, course: { iterations: [0], losses: { total: [0.5] } } },
    arrays: new Map([
      ["a", Float32Array.of(1.5, -2, 3e-9)],
      ["b", new Float32Array(0)],
    ]),
  };

  it("keeps a hidden file at most every ten seconds, gives it back and clears it away", async () => {
    const place = temporaryFolder();
    let now = 0;
    const file = new CheckpointFile(place, "me.jpg-1", { photo: "1" }, () => now);
    expect(await file.load()).toBeUndefined();
    await file.offer(() => state);
    expect(readdirSync(place)).toEqual([]);
    now = 10_000;
    await file.offer(() => state);
    expect(readdirSync(place)).toEqual([expect.stringMatching(/^\.me\.jpg-1\.[0-9a-f]{12}\.checkpoint$/)]);
    const again = new CheckpointFile(place, "me.jpg-1", { photo: "1" });
    expect(await again.load()).toEqual(state);
    let asked = false;
    await file.offer(() => {
      asked = true;
      return state;
    });
    expect(asked).toBe(false);
    await again.clear();
    await again.clear();
    expect(readdirSync(place)).toEqual([]);
  });

  it("keeps numbers of float64 as they are", async () => {
    const file = new CheckpointFile(temporaryFolder(), "sums", {});
    const wide = { ...state, doubles: new Map([["sums", Float64Array.of(1 / 3, -1e300)]]) };
    await file.keep(wide);
    expect(await file.load()).toEqual(wide);
  });

  it("is done without where it cannot be written and is only good to have", async () => {
    const place = temporaryFolder();
    writeFileSync(join(place, "file"), "no folder");
    const store = new CheckpointFile(join(place, "file"), "me", {}, () => 1e9);
    await expect(store.keep(state)).rejects.toThrow(/cannot be written|file/);
    const lenient = new LenientCheckpoint(store);
    await lenient.keep(state);
    let asked = false;
    await lenient.offer(() => {
      asked = true;
      return state;
    });
    expect(asked).toBe(false);
    expect(await lenient.load()).toBeUndefined();
    await lenient.clear();
  });

  it("takes what is of other work, or broken, for nothing", async () => {
    const place = temporaryFolder();
    const file = new CheckpointFile(place, "me", { settings: 1 });
    await file.keep(state);
    expect(await new CheckpointFile(place, "me", { settings: 2 }).load()).toBeUndefined();
    for (const broken of ["", "words", "\u0008\u0000\u0000\u0000\u0000\u0000\u0000\u0000{}"]) {
      writeFileSync(file.path, broken);
      expect(await file.load(), JSON.stringify(broken)).toBeUndefined();
    }
  });
});
