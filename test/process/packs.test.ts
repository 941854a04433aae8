import { existsSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../../src/engine/checkpoints";
import { readDocument, type RfmError } from "../../src/engine/files";
import { EngineClient } from "../../src/extension/process/client";
import { EngineRequests } from "../../src/protocol/engine";
import { ImportRequests, type ImportedPack, type LookedInto } from "../../src/protocol/imports";
import { temporaryFolder } from "../support/folder";
import { Random } from "../support/random";
import { fixturePath } from "../support/wavyPictures";
import { bundle } from "./support/bundle";

const ROOT = join(import.meta.dirname, "..", "..");
const MODELS = join(ROOT, "dist", "models");
const folder = temporaryFolder();
const packs = join(folder, "packs");
const sg1 = join(packs, "sg1");
const PARTS = ["Gs_dict.pth", "Gm_dict.pth", "center_tensor.pt"].map((part) =>
  fixturePath(`stylegan1/64.rfm.${part}`),
);

let client: EngineClient;
beforeAll(async () => {
  client = new EngineClient({
    entry: await bundle("src/extension/process/main.ts", "engine-packs"),
    settings: { provider: "cpu", modelsRoot: MODELS, allowedModelRoots: [packs] },
    graceMilliseconds: 60_000,
  });
});
afterAll(async () => {
  await client.dispose();
});

const look = (...paths: string[]): Promise<LookedInto> =>
  client.request(ImportRequests.lookIntoFiles, { paths });
const importModel = (paths: readonly string[], name: string): Promise<ImportedPack> =>
  client.request(ImportRequests.importModel, { paths, folder: join(packs, name) });
const failure = (promise: Promise<unknown>): Promise<RfmError> =>
  promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error as RfmError,
  );

describe("foreign files", () => {
  it("are a model where they hold networks, with the licences of all parts", async () => {
    const looked = await look(...PARTS);
    expect(looked).toMatchObject({ isModel: true, notes: [] });
    expect(looked.files.map(({ what }) => what)[0]).toMatch(/StyleGAN1/);
    expect(looked.licences.join(" ")).toMatch(/non-commercial/);
    // The average alone is an array like any other.
    expect((await look(PARTS[2] ?? "")).isModel).toBe(false);
  });

  it("tell of the sign of NVIDIA's attribute 00", async () => {
    const male = fixturePath("celebaClassifier/celebahq-classifier-00-male.pkl");
    expect((await look(male)).notes.join()).toMatch(/-1 for male/);
    const young = fixturePath("celebaClassifier/celebahq-classifier-04-young.pkl");
    expect((await look(young)).notes).toEqual([]);
  });

  it.each([
    [[1, 10, 512], ["latent"]],
    [[512], ["direction"]],
    [
      [1, 5120],
      ["direction", "latent"],
    ],
    [
      [10, 512],
      ["latent", "direction"],
    ],
    [[2, 3, 4, 5], []],
  ])("of the shape %j may be %j", async (shape, kinds) => {
    const path = join(folder, "array.npy");
    const size = shape.reduce((product, side) => product * side, 1);
    await writeFile(path, writeNpy(new Float32Array(size), shape));
    expect((await look(path)).files).toMatchObject([{ kinds, shape }]);
  });

  it("that are nothing are refused by a sentence that names them", async () => {
    const path = join(folder, "page.pth");
    await writeFile(path, "<html>404</html>");
    expect((await failure(look(path))).message).toContain(path);
  });
});

describe("an imported model", () => {
  it("becomes a pack that is listed, verified, and kept once", async () => {
    // What a killed import left is cleared away, and what it had put aside comes back.
    await mkdir(join(packs, ".half.4194399.new"), { recursive: true });
    await mkdir(join(packs, ".kept.4194399.old"));
    await mkdir(join(packs, `.busy.${process.pid}.new`));
    const imported = await importModel(PARTS, "sg1");
    expect(imported).toMatchObject({ already: false, pack: { name: "sg1", folder: sg1, kind: "model" } });
    expect((await readdir(packs)).sort()).toEqual([`.busy.${process.pid}.new`, "kept", "sg1"]);

    const folders = [sg1, join(packs, "kept"), join(MODELS, "demo")];
    const [own, kept, demo] = await client.request(ImportRequests.listPacks, { folders });
    expect(own).toEqual(imported.pack);
    expect(own).toMatchObject({
      generator: { resolution: 64, layers: 10, hasEncoder: false, hasMapping: true },
    });
    expect(kept).toHaveProperty("message");
    expect(demo).toMatchObject({ name: "demo", generator: { hasEncoder: true } });

    const again = await importModel(PARTS, "twin");
    expect(again).toMatchObject({ already: true, pack: { folder: sg1 } });
    expect(existsSync(join(packs, "twin"))).toBe(false);
  });

  it("without its mapping network says so, and is another pack", async () => {
    const { pack, missing, already } = await importModel(PARTS.slice(0, 1), "synthesis");
    expect(already).toBe(false);
    expect(pack.generator?.hasMapping).toBe(false);
    expect(missing.join(" ")).toMatch(/mapping/);
  });

  it("is verified by its hashes", async () => {
    const verify = (): Promise<unknown> => client.request(ImportRequests.verifyPack, { folder: sg1 });
    await expect(verify()).resolves.toMatchObject({ name: "sg1" });
    const file = join(sg1, "synthesis.onnx");
    const bytes = await readFile(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await rename(file, `${file}.whole`);
    await writeFile(file, bytes);
    expect((await failure(verify())).message).toContain("synthesis.onnx");
    await appendFile(file, "x");
    expect((await failure(verify())).message).toContain("synthesis.onnx");
    await rm(file);
    expect((await failure(verify())).message).toMatch(/synthesis\.onnx is missing/);
    await rename(`${file}.whole`, file);
    await expect(verify()).resolves.toMatchObject({ name: "sg1" });
  });

  it.each(["../outside", "a/b", "..", "a\\b", ""])(
    "whose manifest names the file %j is refused",
    async (path) => {
      const bad = join(packs, "bad");
      await mkdir(bad, { recursive: true });
      const manifest = {
        kind: "scorer",
        name: "bad",
        architecture: "scorer",
        sha256: "0",
        files: { scorer: { path, bytes: 1, sha256: "0" } },
      };
      await writeFile(join(bad, "model.json"), JSON.stringify(manifest));
      const [entry] = await client.request(ImportRequests.listPacks, { folders: [bad] });
      expect(entry).toMatchObject({
        folder: bad,
        message: expect.stringContaining("no model pack") as string,
      });
      await expect(client.request(ImportRequests.verifyPack, { folder: bad })).rejects.toThrow(
        "no model pack",
      );
    },
  );

  it("outside the allowed folders is neither told nor verified", async () => {
    const [entry] = await client.request(ImportRequests.listPacks, { folders: [folder] });
    expect(entry).toMatchObject({ message: expect.stringContaining("may not be loaded") as string });
    await expect(client.request(ImportRequests.verifyPack, { folder })).rejects.toThrow("may not be loaded");
  });
});

describe("a generator in ONNX", () => {
  const paths = ["mapping.onnx", "synthesis.onnx"].map((name) => fixturePath(`imports/onnx/${name}`));

  it("is a model whose maker's numbers the person tells", async () => {
    expect(await look(...paths)).toMatchObject({ isModel: true, isOnnx: true });
    const parameters = { paths, folder: join(packs, "onnx"), onnx: { range: [-1, 1] as const } };
    const { pack } = await client.request(ImportRequests.importModel, parameters);
    expect(pack.generator).toMatchObject({ resolution: 32, layers: 5, wDimension: 8, hasMapping: true });
    const asZ = {
      ...parameters,
      folder: join(packs, "as-z"),
      onnx: { ...parameters.onnx, space: "z" as const },
    };
    expect((await failure(client.request(ImportRequests.importModel, asZ))).message).toMatch(/maps z/);
    expect(existsSync(asZ.folder)).toBe(false);
  });
});

describe("imported data", () => {
  it("become documents of the model, under names that are free, with what is to be known", async () => {
    const [latents, direction] = [join(folder, "face.npy"), join(folder, "age.npy")];
    const random = new Random(4);
    await writeFile(latents, writeNpy(random.normals(2 * 10 * 12), [2, 10, 12]));
    const rows = new Float32Array(10 * 12);
    rows.set(random.normals(24), 5 * 12);
    await writeFile(direction, writeNpy(rows, [1, 120]));
    const output = join(folder, "documents");
    const parameters = {
      files: [
        { path: latents, kind: "latent" as const },
        { path: direction, kind: "direction" as const },
      ],
      output,
      model: sg1,
    };
    const { written, notes } = await client.request(ImportRequests.importData, parameters);
    expect(written.map(({ path }) => path)).toEqual(
      ["face-0.latent.json", "face-1.latent.json", "age.direction.json"].map((name) => join(output, name)),
    );
    expect(notes.join(" ")).toMatch(/zero on the layers 0:4/);
    expect(await readDocument(join(output, "age.direction.json"), "direction")).toMatchObject({
      layers: [5, 7],
    });
    const opened = await client.request(EngineRequests.openLatent, {
      path: join(output, "face-1.latent.json"),
      models: [join(MODELS, "demo"), sg1],
    });
    expect(opened).toMatchObject({ model: sg1, layers: 10 });

    const again = await client.request(ImportRequests.importData, parameters);
    expect(again.written[2]?.path).toBe(join(output, "age (2).direction.json"));
  });

  describe("of a StyleGAN2", () => {
    const sg2 = join(packs, "sg2");
    const output = join(folder, "of-sg2");
    beforeAll(async () => {
      await importModel([fixturePath("stylegan2/rosinality-64.pt")], "sg2");
    });

    it("are components of GANSpace, each a direction, in a folder of their own", async () => {
      const path = fixturePath("imports/ganspace.w.npz");
      expect(await look(path)).toMatchObject({
        isModel: false,
        files: [{ kinds: ["components"], shape: [24, 20] }],
      });
      const files = [{ path, kind: "components" as const }];
      const { written } = await client.request(ImportRequests.importData, { files, output, model: sg2 });
      expect(written).toHaveLength(20);
      expect(written[0]).toEqual({
        path: join(output, "ganspace.w-directions", "ganspace.w-00.direction.json"),
        kind: "components",
      });
      expect(await readDocument(written[19]?.path ?? "", "direction")).toMatchObject({ space: "w" });
    });

    it("are a label set with its faces, told before as one", async () => {
      const answers = fixturePath("imports/faces.2.pkl.gz");
      expect((await look(answers)).labelSet).toEqual({
        codes: [
          [40, 20],
          [40, 10, 20],
        ],
        hasAnswers: true,
      });
      const parameters = { paths: [answers], output, model: sg2, cleaning: "rfm" as const };
      const imported = await client.request(ImportRequests.importLabelSet, parameters);
      expect(imported.path).toBe(join(output, "faces.2.labels.json"));
      expect(await readDocument(imported.path, "labels")).toMatchObject({ count: imported.count });
      const again = await client.request(ImportRequests.importLabelSet, parameters);
      expect(again.path).toBe(join(output, "faces.2 (2).labels.json"));

      const seeds = await look(fixturePath("imports/logits.row.pt"), fixturePath("imports/z.seeds.pt"));
      expect(seeds).toMatchObject({ isModel: false, labelSet: { codes: [[40, 20]], hasAnswers: false } });
    });
  });
});
