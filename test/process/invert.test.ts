import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { readDocument } from "../../src/engine/files";
import { temporaryFolder } from "../support/folder";
import { writeBadPhotos } from "./support/badPhotos";
import { ONE_SENTENCE, resultOf, rfm, startRfm, successOf } from "./support/rfm";

const PHOTOS = join(import.meta.dirname, "..", "fixtures", "photos");
const ASTRONAUT = join(import.meta.dirname, "..", "fixtures", "photos", "astronaut.png");

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const succeed = (...args: string[]): Promise<Record<string, unknown>> => successOf(folder, ...args);

beforeAll(async () => {
  await succeed("invert", ASTRONAUT, "--out", "latents", "--iterations", "4");
});

describe("align and invert", () => {
  it("do the rest of a batch, and say one sentence about each bad photo", async () => {
    const bad = writeBadPhotos(folder, PHOTOS);
    cpSync(ASTRONAUT, at("astronaut.png"));
    const photos = [...bad.slice(0, 4), { name: "astronaut.png" }, ...bad.slice(4)].map(({ name }) => name);
    for (const args of [
      ["align", ...photos, "--out", "aligned"],
      ["invert", ...photos, "--out", "inverted", "--iterations", "1"],
    ]) {
      const ended = await rfm(folder, ...args, "--json", "--provider", "cpu");
      expect(ended.code).toBe(1);
      const sentences = ended.stderr.trimEnd().split("\n");
      expect(sentences).toHaveLength(bad.length);
      const failed = resultOf(ended)["failed"] as { piece: string; message: string }[];
      for (const [index, { name, said }] of bad.entries()) {
        expect(failed[index]?.piece).toBe(name);
        expect(failed[index]?.message).toMatch(said);
        expect(sentences[index]).toBe(`rfm: ${failed[index]?.message ?? ""}`);
        expect(sentences[index]).toContain(name);
      }
    }
    expect(readdirSync(at("aligned"))).toEqual(["astronaut.png"]);
    expect(readdirSync(at("inverted"))).toEqual([
      "astronaut.latent.json",
      "inversions.csv",
      "inversions.html",
    ]);
    expect(await sharp(at("aligned", "astronaut.png")).metadata()).toMatchObject({ width: 64, height: 64 });
  });

  it("writes a latent that says where it came from", async () => {
    const latent = await readDocument(at("latents", "astronaut.latent.json"), "latent");
    expect(latent).toMatchObject({ model: { name: "demo" }, space: "w+", shape: [10, 512], edits: [] });
    expect(latent.source?.landmarks).toHaveLength(68);
    expect(latent.inversion).toMatchObject({ method: "fast", iterations: 4 });
    expect(latent.metrics?.psnr).toBeGreaterThan(18);
  });

  it("does not let photos of one name overwrite each other", async () => {
    mkdirSync(at("elsewhere"));
    cpSync(ASTRONAUT, at("elsewhere", "astronaut.png"));
    const twin = join("elsewhere", "astronaut.png");
    const ended = await rfm(folder, "align", ASTRONAUT, twin, "--out", "twins", "--provider", "cpu");
    expect(ended).toMatchObject({
      code: 1,
      stdout: `${join("twins", "astronaut.png")}\n`,
      stderr: `rfm: ${twin} has the same name as ${ASTRONAUT}; align it into another folder.\n`,
    });
  });

  it("aligns to a size and a framing of choice", async () => {
    const { faces } = (await succeed("align", ASTRONAUT, "--out", "ffhq", "--ffhq", "--size", "200")) as {
      faces: { path: string; quad: [number, number][] }[];
    };
    expect(faces).toHaveLength(1);
    expect(await sharp(at(faces[0]?.path ?? "")).metadata()).toMatchObject({ width: 200, height: 200 });
  });

  it("keeps the best so far when interrupted, and leaves no part of a file when killed", async () => {
    const start = (out: string): ReturnType<typeof startRfm> =>
      startRfm(
        folder,
        "invert",
        ASTRONAUT,
        "--out",
        out,
        "--iterations",
        "100000",
        "--json",
        "--provider",
        "cpu",
      );
    const interrupted = start("interrupted");
    await interrupted.printed('"pixel":');
    interrupted.child.kill("SIGINT");
    const ended = await interrupted.ended;
    expect(ended).toMatchObject({ code: 130, stderr: "rfm: interrupted.\n" });
    expect(resultOf(ended)).toMatchObject({ cancelled: true });
    const kept = await readDocument(at("interrupted", "astronaut.latent.json"), "latent");
    expect(kept.inversion?.iterations).toBeLessThan(100_000);

    const killed = start("killed");
    await killed.printed('"phase":"optimise"');
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(readdirSync(at("killed"))).toEqual([]);
  });

  it("ends at once at the second interruption", async () => {
    const running = startRfm(folder, "label", "0:100000", "--out", "endless", "--json", "--provider", "cpu");
    await running.printed('"progress"');
    running.child.kill("SIGINT");
    running.child.kill("SIGTERM");
    expect((await running.ended).code).toBe(130);
  });

  const mounted = canMount();
  it.skipIf(!mounted)("says that the disk is full and leaves nothing behind", async () => {
    mkdirSync(at("disk"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=40k", "tmpfs", at("disk")]);
    try {
      const ended = await rfm(
        folder,
        "invert",
        ASTRONAUT,
        "--out",
        "disk",
        "--iterations",
        "0",
        "--provider",
        "cpu",
      );
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(ONE_SENTENCE);
      expect(ended.stderr).toContain("no space is left on the disk; free some space");
      expect(readdirSync(at("disk"))).toEqual([]);
    } finally {
      execFileSync("umount", [at("disk")]);
    }
  });
});

/** Whether this user may mount a small disk. */
function canMount(): boolean {
  const probe = at("probe");
  mkdirSync(probe);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=40k", "tmpfs", probe], { stdio: "ignore" });
    execFileSync("umount", [probe]);
    return true;
  } catch {
    return false;
  }
}
