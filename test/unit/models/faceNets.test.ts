import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RfmError } from "../../../src/engine/files";
import { buildFaceNetPack, openFaceNetPack } from "../../../src/engine/models";
import { readModel } from "../../../src/engine/onnx";
import { FACE_API } from "../../support/faceNets";

const weights = join(FACE_API, "model");
let folder: string;
let pack: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rfm-pack-"));
  pack = join(folder, "models", "faces");
  expect(await buildFaceNetPack(weights, pack)).toEqual({ folder: pack, built: true });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("the face nets' pack", () => {
  it("is about as small as its weights and reads back at any batch size", async () => {
    const opened = await openFaceNetPack(pack);
    const bytes = await opened.read("recogniser");
    expect(bytes.length).toBeLessThan(6_444_032 * 1.05);
    const graph = readModel(bytes, { N: 3 });
    expect(graph.types.get("embedding")?.shape).toEqual([3, 128]);
    const manifest = JSON.parse(await readFile(join(pack, "model.json"), "utf8")) as { licence: string };
    expect(manifest.licence).toBe("MIT");
  });

  it("is not built twice, and leaves nothing else behind", async () => {
    const before = await stat(join(pack, "model.json"));
    expect((await buildFaceNetPack(weights, pack)).built).toBe(false);
    expect((await stat(join(pack, "model.json"))).mtimeMs).toBe(before.mtimeMs);
    expect(await readdir(join(folder, "models"))).toEqual(["faces"]);
  });

  it("is built again where a file is missing", async () => {
    const { sha256 } = await openFaceNetPack(pack);
    await rm(join(pack, "landmarks.onnx"));
    expect((await buildFaceNetPack(weights, pack)).built).toBe(true);
    expect((await openFaceNetPack(pack)).sha256).toBe(sha256);
  });

  it("stays as it was where building fails", async () => {
    const before = await readdir(pack);
    await expect(buildFaceNetPack(join(folder, "nowhere"), pack)).rejects.toThrow(RfmError);
    expect(await readdir(pack)).toEqual(before);
    expect(await readdir(join(folder, "models"))).toEqual(["faces"]);
  });

  it("refuses a file that is not the manifest's, and a manifest that is none", async () => {
    const other = join(folder, "other");
    await buildFaceNetPack(weights, other);
    await writeFile(join(other, "detector.onnx"), "not a net");
    await expect((await openFaceNetPack(other)).read("detector")).rejects.toThrow(/detector\.onnx is not the file/);
    await writeFile(join(other, "model.json"), '{"kind": "face-nets", "version": 2}');
    await expect(openFaceNetPack(other)).rejects.toThrow(/does not describe face nets/);
    await writeFile(join(other, "model.json"), "{");
    await expect(openFaceNetPack(other)).rejects.toThrow(/is no JSON/);
    expect((await buildFaceNetPack(weights, other)).built).toBe(true);
  });
});
