import { readdirSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { decodePicture } from "../../src/engine/faces";
import { readDocument, sha256, writeDocument, type LatentDocument } from "../../src/engine/files";
import { temporaryFolder } from "../support/folder";
import { resultOf, rfm } from "./support/rfm";

const ASTRONAUT = join(import.meta.dirname, "..", "fixtures", "photos", "astronaut.png");
const COMMON = ["--json", "--provider", "cpu"];
const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder, ...names);
const LATENT = at("astronaut.latent.json");
const TUNED = at("astronaut.tuned.safetensors");

interface Inverted {
  readonly latents: readonly { readonly metrics: { readonly psnr: number }; readonly tuned?: object }[];
}

async function pixels(path: string): Promise<Uint8Array> {
  return (await decodePicture(path)).data;
}

async function edit(
  latent: string,
  out: string,
  ...more: string[]
): Promise<{ code: number; stderr: string }> {
  const { code, stderr } = await rfm(folder, "edit", latent, "--out", at(out), ...more, ...COMMON);
  return { code: code ?? NaN, stderr };
}

/** The latent with something otherwise, in a folder of its own with the tuned weights. */
async function changed(name: string, change: (document: LatentDocument) => LatentDocument): Promise<string> {
  await mkdir(at(name), { recursive: true });
  await copyFile(TUNED, at(name, "astronaut.tuned.safetensors"));
  const path = at(name, "astronaut.latent.json");
  await writeDocument(path, change(await readDocument(LATENT, "latent")));
  return path;
}

describe("invert --tune", () => {
  let told: Inverted;

  beforeAll(async () => {
    const ended = await rfm(
      folder,
      "invert",
      ASTRONAUT,
      "--out",
      folder,
      "--iterations",
      "8",
      "--tune",
      "5",
      ...COMMON,
    );
    expect(ended.code, ended.stderr).toBe(0);
    told = resultOf(ended) as unknown as Inverted;
  });

  it("writes the weights beside the latent, which names them", async () => {
    expect(readdirSync(folder).sort()).toEqual(["astronaut.latent.json", "astronaut.tuned.safetensors"]);
    const { tuned, metrics } = await readDocument(LATENT, "latent");
    expect(tuned).toMatchObject({ path: "astronaut.tuned.safetensors", amount: 1, steps: 5 });
    expect(tuned?.sha256).toBe(sha256(await readFile(TUNED)));
    expect(tuned?.metrics?.psnr).toBeGreaterThan((metrics?.psnr ?? NaN) + 0.3);
    expect(tuned?.others).toBeGreaterThan(30);
    expect(told.latents[0]?.tuned).toMatchObject({ sha256: tuned?.sha256, steps: 5 });
  });

  it("edits on the tuned generator, and at likeness 0 on the model's own, pixel by pixel", async () => {
    const bare = await changed("bare", ({ tuned: _, ...document }) => document);
    for (const [latent, out, ...more] of [
      [LATENT, "tuned.png"],
      [LATENT, "half.png", "--likeness", "0.5"],
      [LATENT, "zero.png", "--likeness", "0"],
      [bare, "bare.png"],
      [LATENT, "smile.png", "--direction", "smile=2"],
      [bare, "bare-smile.png", "--direction", "smile=2"],
    ] as const) {
      const { code, stderr } = await edit(latent, out, ...more);
      expect(code, stderr).toBe(0);
    }
    const base = await pixels(at("bare.png"));
    expect(await pixels(at("zero.png"))).toEqual(base);
    const far = async (a: string, b: string): Promise<number> => {
      const [one, other] = [await pixels(at(a)), await pixels(at(b))];
      return one.reduce((sum, value, i) => sum + Math.abs(value - (other[i] ?? NaN)), 0) / one.length;
    };
    expect(await far("tuned.png", "bare.png")).toBeGreaterThan(1);
    expect(await far("half.png", "bare.png")).toBeLessThan(await far("tuned.png", "bare.png"));
    expect(await far("smile.png", "bare-smile.png")).toBeGreaterThan(1);
    expect(await far("smile.png", "tuned.png")).toBeGreaterThan(1);
  });

  it("refuses what is moved, changed, foreign or outside of the folder", async () => {
    const refusal = async (latent: string, ...more: string[]): Promise<string> => {
      const { code, stderr } = await edit(latent, "never.png", ...more);
      expect(code).toBe(1);
      return stderr;
    };
    const otherCode = await changed("code", (document) => ({
      ...document,
      w: document.w.map((row) => row.map((value) => -value)),
    }));
    expect(await refusal(otherCode)).toMatch(/was tuned for another face's latent; match this face again/);
    // An accepted edit makes a new base, whose history knows the tuned one.
    const accepted = await changed("accepted", (document) => ({
      ...document,
      w: document.w.map((row) => row.map((value) => 0.9 * value)),
      history: [{ edits: [], w: document.w }],
    }));
    expect((await edit(accepted, "accepted.png")).code).toBe(0);
    const outside = await changed("outside", ({ tuned, ...document }) => ({
      ...document,
      ...(tuned && { tuned: { ...tuned, path: "../astronaut.tuned.safetensors" } }),
    }));
    expect(await refusal(outside)).toMatch(/names tuned weights outside of its folder/);
    const otherModel = await changed("model", (document) => document);
    const file = at("model", "astronaut.tuned.safetensors");
    const bytes = await readFile(file);
    const model = (await readDocument(LATENT, "latent")).model.sha256;
    const foreign = Buffer.from(bytes.toString("latin1").replace(model, "0".repeat(64)), "latin1");
    await writeFile(file, foreign);
    expect(await refusal(otherModel)).toMatch(/is not the file that the latent was saved with/);
    const document = await readDocument(otherModel, "latent");
    if (document.tuned === undefined) throw new Error("not tuned");
    await writeDocument(otherModel, { ...document, tuned: { ...document.tuned, sha256: sha256(foreign) } });
    expect(await refusal(otherModel)).toMatch(/was tuned for another model than demo/);
    const moved = await changed("moved", (same) => same);
    await rename(at("moved", "astronaut.tuned.safetensors"), at("moved", "elsewhere"));
    expect(await refusal(moved)).toMatch(
      /is not there; put it back, match the face again, or set the likeness to 0/,
    );
    expect((await edit(moved, "moved.png", "--likeness", "0")).code).toBe(0);
    const bare = await changed("bare2", ({ tuned: _, ...rest }) => rest);
    expect(await refusal(bare, "--likeness", "1")).toMatch(/has no tuned weights to take a likeness from/);
  });
});
