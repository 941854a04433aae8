import { readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { readDocument } from "../../src/engine/files";
import { temporaryFolder } from "../support/folder";
import { resultOf, rfm, startRfm } from "./support/rfm";

const PHOTOS = join(import.meta.dirname, "..", "fixtures", "photos");
const ASTRONAUT = join(PHOTOS, "astronaut.png");
const COMMON = ["--json", "--provider", "cpu"];
const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder, ...names);
/** A narrow LPIPS. */
const PERCEPTUAL = ["--perceptual", "lpips"];

beforeAll(async () => {
  const files = ["vgg16.pth", "vgg.pth"].map((name) => join(PHOTOS, "..", "lpips", name));
  const imported = await rfm(folder, "import", ...files, "--out", "lpips", ...COMMON);
  expect(imported.code, imported.stderr).toBe(0);
});

describe("invert --method rfm", () => {
  const invert = (out: string, ...more: string[]) =>
    startRfm(folder, "invert", ASTRONAUT, "--method", "rfm", "--out", out, ...more, ...COMMON);

  it("runs on the embedded model, says what stands in, and gets closer to the photo", async () => {
    const ended = await invert("rfm", "--iterations", "2").ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/^rfm: warning: The encoder of demo stands in for RFM's encoder E/m);
    expect(ended.stderr).toMatch(
      /^rfm: warning: LPIPS is not installed: features of the face recognition net/m,
    );
    const { inversion, metrics } = await readDocument(at("rfm", "astronaut.latent.json"), "latent");
    expect(inversion).toMatchObject({ method: "rfm", iterations: 2, beta: 0.001, p: 2, seed: 0 });
    expect(inversion?.notes).toHaveLength(3);
    expect(inversion?.notes?.[1]).toMatch(/one w for all layers/);
    const { iterations = [], losses = {} } = inversion?.course ?? {};
    expect(iterations).toEqual([0, 1, 2]);
    for (const part of ["total", "image", "latent", "mse", "kl", "cosine", "perceptual", "ssim", "w", "norm"])
      expect(losses[part], part).toHaveLength(3);
    expect(inversion?.losses["total"]).toBeLessThan(inversion?.losses["start"] ?? NaN);
    expect(metrics?.psnr).toBeGreaterThan(15);
    expect(readdirSync(at("rfm"))).toEqual(["astronaut.latent.json"]);
    const progress = ended.stdout.split("\n").filter((line) => line.includes('"phase":"optimise"'));
    expect(progress.filter((line) => line.includes('"mse":')).length).toBe(3);
  });

  // So many that a stop after the third one comes in time; each takes some hundredths of a second.
  const chosen = ["--optimize", "latent", "--iterations", "40", "--norm", "1.5", "--beta", "0.01"];
  const options = [...chosen, "--coefficient", "latent=0", ...PERCEPTUAL];

  it("optimises the latent, with coefficients of choice and with LPIPS of a pack", async () => {
    const ended = await invert("whole", ...options).ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).not.toContain("LPIPS");
    const { inversion, metrics } = await readDocument(at("whole", "astronaut.latent.json"), "latent");
    expect(inversion).toMatchObject({ beta: 0.01, p: 1.5 });
    expect(inversion?.losses["perceptual"]).toBeGreaterThan(0);
    expect(metrics?.lpips).toBeGreaterThan(0);
  });

  it("goes on where it was stopped, to the numbers of a run that was not", async () => {
    const running = invert("stopped", ...options);
    await running.printed('"done":3,');
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    const hidden = readdirSync(at("stopped")).filter((name) => name.startsWith("."));
    expect(hidden).toEqual([expect.stringMatching(/^\.astronaut\.png-1\.[0-9a-f]{12}\.checkpoint$/)]);
    const resumed = await invert("stopped", ...options, "--overwrite").ended;
    expect(resumed.stderr).toMatch(/goes on from iteration \d+ of an earlier run/);
    expect(readdirSync(at("stopped"))).toEqual(["astronaut.latent.json"]);
    const { run: _, ...stopped } = await readDocument(at("stopped", "astronaut.latent.json"), "latent");
    const { run: __, ...whole } = await readDocument(at("whole", "astronaut.latent.json"), "latent");
    expect(stopped).toEqual(whole);
  });

  it("refuses options that make no sense", async () => {
    const { code, stdout, stderr } = await rfm(folder, "invert", ASTRONAUT, "--optimize", "latent");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("--optimize is for RFM's own method");
  });
});

describe("metrics", () => {
  beforeAll(async () => {
    await sharp(ASTRONAUT).blur(2).png().toFile(at("blurred.png"));
    await sharp(ASTRONAUT).resize(64, 64).png().toFile(at("small.png"));
  });

  it("compares pictures, for people and for programs", async () => {
    const [told, json] = await Promise.all([
      rfm(folder, "metrics", ASTRONAUT, "blurred.png", "--provider", "cpu"),
      rfm(folder, "metrics", ASTRONAUT, "blurred.png", ...COMMON),
    ]);
    expect(told.code, told.stderr).toBe(0);
    expect(told.stdout).toMatch(
      /^MSE +0\.\d+\nPSNR +\d+\.\d\d dB\nSSIM +0\.\d{4}\nidentity distance +0\.\d{3}\n$/,
    );
    const { mse, psnr, ssim, identity } = resultOf(json) as Record<string, number>;
    expect(psnr).toBeCloseTo(10 * Math.log10(4 / (mse ?? NaN)), 4);
    expect(ssim).toBeLessThan(1);
    expect(identity).toBeLessThan(0.6);
  });

  it("compares a latent with the photo that it was made from, as the latent says itself", async () => {
    const latent = join("whole", "astronaut.latent.json");
    const found = resultOf(await rfm(folder, "metrics", latent, ASTRONAUT, ...PERCEPTUAL, ...COMMON));
    const { metrics } = await readDocument(at(latent), "latent");
    // The document measures the generator's values, the command pictures of bytes.
    expect(found["psnr"]).toBeCloseTo(metrics?.psnr ?? NaN, 1);
    expect(found["ssim"]).toBeCloseTo(metrics?.ssim ?? NaN, 2);
    expect(found["lpips"]).toBeCloseTo(metrics?.lpips ?? NaN, 2);
    expect(found["identity"]).toBeCloseTo(metrics?.identity ?? NaN, 0);
    const same = resultOf(await rfm(folder, "metrics", latent, latent, ...PERCEPTUAL, ...COMMON));
    expect(same).toMatchObject({ mse: 0, psnr: null, lpips: 0, identity: 0 });
  });

  it("says what cannot be compared", async () => {
    const sizes = await rfm(folder, "metrics", ASTRONAUT, "small.png", "--provider", "cpu");
    expect(sizes.code).toBe(1);
    expect(sizes.stderr).toMatch(/^rfm: The pictures have 512x512 and 64x64 pixels/);
    const missing = await rfm(folder, "metrics", ASTRONAUT, "missing.png", "--provider", "cpu");
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/^rfm: missing\.png /);
    const pack = await rfm(
      folder,
      "metrics",
      ASTRONAUT,
      ASTRONAUT,
      "--perceptual",
      folder,
      "--provider",
      "cpu",
    );
    expect(pack.code).toBe(1);
    expect(pack.stderr).toMatch(/no model pack/);
  });
});
