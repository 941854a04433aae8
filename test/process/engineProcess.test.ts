import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RfmError, type Edit, type LatentDocument } from "../../src/engine/files";
import { EngineClient } from "../../src/extension/process/client";
import { EngineRequests, type InvertProgress, type OpenedLatent } from "../../src/protocol/engine";
import { Random } from "../support/random";
import { bundle } from "./support/bundle";

const ROOT = join(import.meta.dirname, "..", "..");
const MODELS = join(ROOT, "dist", "models");
const DEMO = join(MODELS, "demo");
const PHOTOS = join(ROOT, "test", "fixtures", "photos");
const ASTRONAUT = join(PHOTOS, "astronaut.png");

let client: EngineClient;
let folder: string;
/** A latent of the astronaut after a few steps. */
let latent: string;
const restarts: (string | undefined)[] = [];
const progress: InvertProgress[] = [];

beforeAll(async () => {
  if (!existsSync(join(DEMO, "model.json"))) throw new Error("Build the model packs first: npm run build");
  folder = await mkdtemp(join(tmpdir(), "rfm-engine-"));
  client = new EngineClient({
    entry: await bundle("src/extension/process/main.ts", "engine"),
    settings: { provider: "cpu", modelsRoot: MODELS, allowedModelRoots: [] },
    events: { restarted: (message) => restarts.push(message) },
  });
  const { latents } = await client.request(
    EngineRequests.invert,
    { path: ASTRONAUT, output: join(folder, "latents"), model: DEMO, iterations: 8 },
    { onProgress: (step) => progress.push(step) },
  );
  latent = latents[0]?.path ?? "";
});

afterAll(async () => {
  await client.dispose();
  await rm(folder, { recursive: true, force: true });
});

const failure = (promise: Promise<unknown>): Promise<RfmError> =>
  promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error as RfmError,
  );

const open = (path = latent, models = [DEMO]): Promise<OpenedLatent> =>
  client.request(EngineRequests.openLatent, { path, models });

async function draw(session: number, edits: readonly Edit[]): Promise<Uint8Array> {
  const drawn = await client.request(EngineRequests.render, { session, edits });
  if (drawn.superseded) throw new Error("nothing else was asked for");
  return drawn.pixels.rgba;
}

/** A step along a random direction, long enough to be seen. */
function edit(columns: number, amount: number, changes: Partial<Edit> = {}): Edit {
  const numbers = new Random(3).normals(columns);
  const length = Math.hypot(...numbers);
  const direction = {
    name: "anything",
    path: "anything.direction.json",
    sha256: "0".repeat(64),
    space: "w" as const,
    sigma: 2,
    // Six digits: they come back from a document as they are.
    vector: Array.from(numbers, (value) => Number((value / length).toFixed(6))),
  };
  return { direction, amount, layers: [0, 4], clip: 0, muted: false, ...changes };
}

/** The latent's document with changes, written under another name. */
async function changed(name: string, change: (document: LatentDocument) => object): Promise<string> {
  const document = JSON.parse(await readFile(latent, "utf8")) as LatentDocument;
  const path = join(folder, "latents", name);
  await writeFile(path, JSON.stringify(change(document)));
  return path;
}

it("tells what runs", async () => {
  expect(await client.status()).toMatchObject({
    provider: "cpu",
    attempts: [{ provider: "cpu", ok: true }],
    node: process.version,
    onnxruntime: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
  });
});

describe("a model", () => {
  it("is told in numbers", async () => {
    const summary = await client.request(EngineRequests.openModel, { folder: DEMO });
    expect(summary.layers).toBe(2 * Math.log2(summary.resolution) - 2);
    expect(summary.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("outside the allowed folders is refused, also behind a link, and loads once its folder is allowed", async () => {
    const outside = join(folder, "elsewhere", "pack");
    const workspace = join(folder, "workspace");
    await cp(DEMO, outside, { recursive: true });
    await mkdir(workspace);
    await symlink(outside, join(workspace, "linked"));
    const settings = { provider: "cpu", modelsRoot: MODELS } as const;
    await client.configure({ ...settings, allowedModelRoots: [workspace] });
    for (const pack of [outside, join(workspace, "linked"), join(workspace, "..", "elsewhere", "pack")]) {
      const error = await failure(client.request(EngineRequests.openModel, { folder: pack }));
      expect(error).toMatchObject({ code: "model" });
      expect(error.message).toContain("may not be loaded here");
    }
    await client.configure({ ...settings, allowedModelRoots: [join(folder, "elsewhere")] });
    expect(await client.request(EngineRequests.openModel, { folder: outside })).toHaveProperty("sha256");
    await client.configure({ ...settings, allowedModelRoots: [] });
  });
});

describe("inverting", () => {
  it("reports every phase in order, with pictures as bytes", () => {
    const phases = progress.map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1]);
    expect(phases).toEqual(["decode", "detect", "align", "encode", "optimise", "write"]);
    const crop = progress.find((step) => step.crop !== undefined)?.crop;
    const preview = progress.find((step) => step.preview !== undefined)?.preview;
    for (const pixels of [crop, preview]) {
      expect(pixels?.rgba).toBeInstanceOf(Uint8Array);
      expect(pixels?.rgba).toHaveLength((pixels?.width ?? 0) * (pixels?.height ?? 0) * 4);
    }
    const losses = progress.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
  });

  it("stops when it is cancelled and keeps what it has", async () => {
    const controller = new AbortController();
    const result = await client.request(
      EngineRequests.invert,
      { path: ASTRONAUT, output: join(folder, "cancelled"), model: DEMO, iterations: 5000 },
      {
        signal: controller.signal,
        onProgress: ({ iteration }) => {
          if (iteration >= 3) controller.abort();
        },
      },
    );
    expect(result.cancelled).toBe(true);
    const { details } = await open(result.latents[0]?.path);
    expect(details.inversion?.iterations).toBeGreaterThanOrEqual(3);
    expect(details.inversion?.iterations).toBeLessThan(500);
  });

  it("leaves the host's event loop alone", async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await client.request(EngineRequests.invert, {
      path: ASTRONAUT,
      output: join(folder, "unheard"),
      model: DEMO,
      iterations: 8,
    });
    delay.disable();
    expect(delay.percentile(50) / 1e6).toBeLessThan(50);
  });

  it("tells what is wrong with a photo", async () => {
    const text = join(folder, "text.png");
    await writeFile(text, "no picture\n");
    for (const [path, code] of [
      [join(PHOTOS, "no-face-coffee.png"), "no-face"],
      [text, "picture"],
      [join(folder, "missing.png"), "file"],
    ] as const) {
      const error = await failure(client.request(EngineRequests.invert, { path, model: DEMO }));
      expect(error).toMatchObject({ code });
      expect(error.message).toContain(path);
      expect(error.message).not.toContain("\n");
    }
  });
});

describe("the Studio's session", () => {
  it("has the photo, the reconstruction and the facts", async () => {
    const opened = await open();
    expect(opened.warning).toBeUndefined();
    expect(opened.photo?.rgba).toHaveLength(opened.reconstruction.rgba.length);
    expect(opened.details.source?.path).not.toContain("\\");
    expect(opened.details.metrics?.psnr).toBeGreaterThan(10);
  });

  it("draws the reconstruction, byte for byte, while nothing moves", async () => {
    const { session, reconstruction, layers } = await open();
    const { wDimension } = await client.request(EngineRequests.openModel, { folder: DEMO });
    const nothing = [[], [edit(wDimension, 0)], [edit(wDimension, 3, { muted: true, layers: [0, layers] })]];
    for (const edits of nothing) {
      expect(Buffer.compare(await draw(session, edits), reconstruction.rgba)).toBe(0);
    }
    const moved = await draw(session, [edit(wDimension, 3)]);
    expect(Buffer.compare(moved, reconstruction.rgba)).not.toBe(0);
  });

  it("answers the last of many requests and few of those before", async () => {
    const { session } = await open();
    const { wDimension } = await client.request(EngineRequests.openModel, { folder: DEMO });
    const amounts = Array.from({ length: 30 }, (_, step) => step / 10);
    const answers = await Promise.all(
      amounts.map((amount) =>
        client.request(EngineRequests.render, { session, edits: [edit(wDimension, amount)] }),
      ),
    );
    const last = answers.at(-1);
    expect(last?.superseded).toBe(false);
    expect(answers.filter(({ superseded }) => superseded).length).toBeGreaterThan(15);
    if (last?.superseded === false) {
      const alone = await draw(session, [edit(wDimension, amounts.at(-1) ?? 0)]);
      expect(Buffer.compare(alone, last.pixels.rgba)).toBe(0);
    }
  });

  it("saves edits and finds them again, elsewhere too", async () => {
    const { session } = await open();
    const { wDimension } = await client.request(EngineRequests.openModel, { folder: DEMO });
    const edits = [edit(wDimension, 1.5)];
    const elsewhere = join(folder, "saved", "copy.latent.json");
    await mkdir(join(folder, "saved"));
    await client.request(EngineRequests.saveLatent, { session, edits, path: elsewhere });
    const copy = await open(elsewhere);
    expect(copy.edits).toEqual(edits);
    // The photo is found from the new place.
    expect(copy.photo).toBeDefined();
    const before = await draw(session, edits);
    expect(Buffer.compare(await draw(copy.session, copy.edits), before)).toBe(0);
    const picture = join(folder, "saved", "edited.png");
    await client.request(EngineRequests.savePicture, { session, edits, path: picture, size: 128 });
    expect((await readFile(picture)).subarray(1, 4).toString()).toBe("PNG");
  });

  it("saves its edits as a direction that does the same at amount 1", async () => {
    const { session } = await open();
    const { wDimension } = await client.request(EngineRequests.openModel, { folder: DEMO });
    const edits = [edit(wDimension, 1), edit(wDimension, 0.5, { layers: [2, 6] })];
    const directions = join(folder, "directions");
    await mkdir(directions);
    const path = join(directions, "mine.direction.json");
    await client.request(EngineRequests.saveDirection, { session, edits, path, name: "mine" });
    await writeFile(join(directions, "broken.direction.json"), "{");
    const found = await client.request(EngineRequests.listDirections, { session, folders: [directions] });
    const mine = found.find(({ file }) => file === path);
    expect(mine).toMatchObject({ attribute: "mine", layers: [0, 6] });
    expect(mine?.direction.path).toBe("../directions/mine.direction.json");
    const once: Edit = { ...edit(wDimension, 1), ...mine };
    const [together, alone] = [await draw(session, edits), await draw(session, [once])];
    const far = together.reduce((most, value, at) => Math.max(most, Math.abs(value - (alone[at] ?? 0))), 0);
    expect(far).toBeLessThanOrEqual(1);
  });

  it("saves its edits as a recipe that another latent takes over", async () => {
    const { session } = await open();
    const { wDimension } = await client.request(EngineRequests.openModel, { folder: DEMO });
    const edits = [edit(wDimension, 1.5), edit(wDimension, -1, { layers: [4, 6], muted: true })];
    const path = join(folder, "mine.recipe.json");
    await client.request(EngineRequests.saveRecipe, { session, edits, path });
    const other = await open(await changed("other.latent.json", (document) => ({ ...document, edits: [] })));
    const read = await client.request(EngineRequests.readRecipe, { session: other.session, path });
    expect(read).toEqual(edits);
    expect(Buffer.compare(await draw(other.session, read), await draw(session, edits))).toBe(0);
  });

  it("refuses a recipe for another model, and one that does not fit the latent", async () => {
    const { session } = await open();
    const { wDimension, sha256 } = await client.request(EngineRequests.openModel, { folder: DEMO });
    const path = join(folder, "foreign.recipe.json");
    await client.request(EngineRequests.saveRecipe, { session, edits: [edit(wDimension, 1)], path });
    const text = await readFile(path, "utf8");
    const read = (): Promise<Error> => failure(client.request(EngineRequests.readRecipe, { session, path }));
    await writeFile(path, text.replace(sha256, "0".repeat(64)));
    expect((await read()).message).toMatch(/foreign\.recipe\.json is a recipe for the model/);
    const recipe = JSON.parse(text) as { readonly edits: readonly Edit[] };
    await writeFile(path, JSON.stringify({ ...recipe, edits: [edit(wDimension, 1, { layers: [0, 99] })] }));
    expect((await read()).message).toMatch(/touches the layers 0:99/);
  });

  it("opens a text that is not on the disk", async () => {
    const text = await readFile(latent, "utf8");
    const opened = await client.request(EngineRequests.openLatent, {
      path: join(folder, "latents", "unsaved.latent.json"),
      text,
      models: [DEMO],
    });
    expect(opened.photo).toBeDefined();
  });

  it("says so when the photo is gone, and is edited all the same", async () => {
    const path = await changed("moved.latent.json", (document) => ({
      ...document,
      source: { ...document.source, path: "nowhere.png" },
    }));
    const opened = await open(path);
    expect(opened.photo).toBeUndefined();
    expect(opened.warning).toMatch(/^The photo cannot be shown: .*nowhere\.png.*\.$/);
  });

  it.each([
    [
      "another model",
      "model",
      (d: LatentDocument) => ({ ...d, model: { name: "ffhq", sha256: "1".repeat(64) } }),
    ],
    ["another shape", "model", (d: LatentDocument) => ({ ...d, shape: [2, d.shape[1]], w: d.w.slice(0, 2) })],
    ["a shape that lies", "document", (d: LatentDocument) => ({ ...d, shape: [2, 3] })],
    ["text instead of numbers", "document", (d: LatentDocument) => ({ ...d, w: [["NaN"]] })],
  ] as const)("refuses %s with a sentence that names the file", async (name, code, change) => {
    const path = await changed(`${name}.latent.json`, change);
    const error = await failure(open(path));
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(path);
    expect(error.message).not.toContain("\n");
  });

  it("ends when it is closed", async () => {
    const { session } = await open();
    await client.request(EngineRequests.closeLatent, { session });
    expect(await failure(draw(session, []))).toMatchObject({ code: "engine" });
  });
});

it("survives kill -9 in the middle of an inversion: told once, and opened again it goes on", async () => {
  const { session, reconstruction } = await open();
  const pid = client.pid ?? 0;
  const error = await failure(
    client.request(
      EngineRequests.invert,
      { path: ASTRONAUT, output: join(folder, "killed"), model: DEMO, iterations: 5000 },
      {
        onProgress: ({ iteration }) => {
          if (iteration >= 3) process.kill(pid, "SIGKILL");
        },
      },
    ),
  );
  expect(error.code).toBe("engine");
  expect(existsSync(join(folder, "killed", "astronaut.latent.json"))).toBe(false);
  expect(await failure(draw(session, []))).toMatchObject({ code: "engine" });
  const again = await open();
  expect(Buffer.compare(await draw(again.session, []), reconstruction.rgba)).toBe(0);
  expect(restarts).toEqual([expect.stringMatching(/^The RFM engine stopped \(killed by SIGKILL\)/)]);
});
