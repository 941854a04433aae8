import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { buildPack, openPack } from "../../../src/engine/models";
import { temporaryFolder } from "../../support/folder";
import { writeSmallSource } from "../../support/smallModel";

const base = temporaryFolder();
let source: string;
let parent: string;
let folder: string;

beforeEach(async () => {
  source = await mkdtemp(join(base, "source-"));
  parent = await mkdtemp(join(base, "parent-"));
  folder = join(parent, "packs", "small");
  await writeSmallSource(source);
});

/** Changes model.json of the built pack. */
async function rewrite(change: (manifest: Record<string, unknown>) => void): Promise<void> {
  const path = join(folder, "model.json");
  const manifest = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  change(manifest);
  await writeFile(path, JSON.stringify(manifest));
}

describe("buildPack", () => {
  it("writes what the weights say, with card and directions", async () => {
    await mkdir(join(source, "directions"));
    await writeFile(join(source, "directions", "smile.direction.json"), "{}");
    await writeFile(join(source, "directions", "notes.txt"), "no direction");
    await writeFile(join(source, "MODEL_CARD.md"), "# Card");
    const { manifest, built } = await buildPack(source, folder, "test");
    expect(built).toBe(true);
    expect(manifest).toMatchObject({ name: "small", resolution: 16, layers: 6, zDimension: 16, wDimension: 24 });
    expect((await readdir(folder)).sort()).toEqual([
      "MODEL_CARD.md",
      "directions",
      "encoder.onnx",
      "mapping.onnx",
      "model.json",
      "noise.safetensors",
      "synthesis.onnx",
      "w-average.npy",
    ]);
    expect(await readdir(join(folder, "directions"))).toEqual(["smile.direction.json"]);
    expect(await readdir(join(parent, "packs"))).toEqual(["small"]);
  });

  it("stays as it is until source or builder change, and keeps its identity then", async () => {
    const first = await buildPack(source, folder, "test");
    expect((await buildPack(source, folder, "test")).built).toBe(false);
    const other = await buildPack(source, folder, "another builder");
    expect(other.built).toBe(true);
    await writeFile(join(source, "MODEL_CARD.md"), "# Better card");
    const third = await buildPack(source, folder, "another builder");
    expect(third.built).toBe(true);
    expect(new Set([first, other, third].map(({ manifest }) => manifest.sha256)).size).toBe(1);
  });

  it("builds anew where a file of the pack is missing", async () => {
    await buildPack(source, folder, "test");
    await rm(join(folder, "mapping.onnx"));
    expect((await buildPack(source, folder, "test")).built).toBe(true);
  });

  it("leaves the old pack alone and nothing else where building fails", async () => {
    const { manifest } = await buildPack(source, folder, "test");
    await writeFile(join(source, "generator.safetensors"), "broken");
    await expect(buildPack(source, folder, "test")).rejects.toThrow(/generator\.safetensors/);
    expect((await openPack(folder)).sha256).toBe(manifest.sha256);
    expect(await readdir(join(parent, "packs"))).toEqual(["small"]);
  });

  it("names what is wrong in source.json", async () => {
    await writeSmallSource(source, { generator: "../elsewhere.safetensors" });
    await expect(buildPack(source, folder, "test")).rejects.toThrow(/source\.json describes no model \("generator" must match/);
  });
});

describe("openPack", () => {
  beforeEach(async () => {
    await buildPack(source, folder, "test");
  });

  it("reads files that are what the manifest says", async () => {
    const pack = await openPack(folder);
    expect(await pack.read("mapping")).toHaveLength(pack.manifest.files.mapping?.bytes ?? NaN);
    await rewrite(({ files }) => delete (files as Record<string, unknown>)["encoder"]);
    const without = await openPack(folder);
    expect(without.has("encoder")).toBe(false);
    await expect(without.read("encoder")).rejects.toThrow(/has no encoder/);
  });

  it("refuses a folder that is no pack", async () => {
    await expect(openPack(source)).rejects.toThrow(/is no model pack \(it has no model\.json\); name the folder of one\./);
    await expect(openPack(join(source, "nowhere"))).rejects.toThrow(/is no model pack/);
  });

  it.each(["../secret", "/etc/passwd", "a/b", "..", "c:\\x", "", "x\u0000"])("refuses a file named %j", async (path) => {
    await rewrite(({ files }) => ((files as Record<string, { path: string }>)["mapping"] = { ...(files as Record<string, object>)["mapping"], path }));
    await expect(openPack(folder)).rejects.toThrow(/describes no model \("files\.mapping\.path"/);
  });

  it("follows no link out of the folder", async () => {
    const bytes = await readFile(join(folder, "mapping.onnx"));
    await writeFile(join(parent, "outside.onnx"), bytes);
    await rm(join(folder, "mapping.onnx"));
    await symlink(join(parent, "outside.onnx"), join(folder, "mapping.onnx"));
    await expect(openPack(folder)).rejects.toThrow(/mapping\.onnx is a link out of the model pack/);
  });

  it("notices another size at once and other contents when they are read", async () => {
    const path = join(folder, "mapping.onnx");
    const bytes = await readFile(path);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const pack = await openPack(folder);
    await expect(pack.read("mapping")).rejects.toThrow(/mapping\.onnx is not the file that model\.json beside it describes/);
    await writeFile(path, bytes.subarray(1));
    await expect(openPack(folder)).rejects.toThrow(/mapping\.onnx has \d+ bytes where model\.json says \d+/);
  });

  it.each<[string, (manifest: Record<string, unknown>) => void, RegExp]>([
    ["a missing key", (manifest) => delete manifest["layers"], /must have required property 'layers'/],
    ["layers unlike the resolution", (manifest) => (manifest["layers"] = 8), /8 layers do not make 16 pixels/],
    ["a cut-off beyond the layers", (manifest) => (manifest["psi"] = { default: 1, cutoff: 7 }), /cut off after layer 7 of 6/],
    ["an unknown architecture", (manifest) => (manifest["architecture"] = "magic"), /"architecture" must be equal to one of/],
    ["a newer version", (manifest) => (manifest["version"] = 2), /made by a newer version of RFM; update RFM/],
    ["a huge file", (manifest) => (manifest["files"] = { mapping: { path: "a", bytes: 1e18, sha256: "0".repeat(64) } }), /describes no model/],
  ])("refuses %s", async (_, change, sentence) => {
    await rewrite(change);
    await expect(openPack(folder)).rejects.toThrow(sentence);
  });

  it("refuses half a manifest and a giant one", async () => {
    await writeFile(join(folder, "model.json"), '{"kind": "model", "ver');
    await expect(openPack(folder)).rejects.toThrow(/model\.json is no JSON/);
    await writeFile(join(folder, "model.json"), " ".repeat(2 ** 20 + 1));
    await expect(openPack(folder)).rejects.toThrow(/model\.json is larger than/);
  });
});
