import { writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  Adam,
  inversionSettings,
  LatentNames,
  type NameOptions,
  psnr,
  rampedLearningRate,
  ssim,
} from "../../../src/engine/inversion";
import { repository } from "../../support/demoModel";
import { temporaryFolder } from "../../support/folder";

describe("Adam", () => {
  it("takes the steps that the paper's formulas give", () => {
    const x = Float32Array.of(1);
    const adam = new Adam(x);
    adam.step(Float32Array.of(4), 0.1);
    // The first step is the learning rate against the sign of the gradient, whatever its size.
    expect(x[0]).toBeCloseTo(0.9, 6);
    adam.step(Float32Array.of(-2), 0.1);
    const m = (0.9 * 0.4 - 0.1 * 2) / (1 - 0.9 ** 2);
    const v = (0.999 * 0.016 + 0.001 * 4) / (1 - 0.999 ** 2);
    expect(x[0]).toBeCloseTo(0.9 - (0.1 * m) / Math.sqrt(v), 5);
  });

  it("finds the bottom of a stretched bowl", () => {
    const x = Float32Array.of(3, -2);
    const adam = new Adam(x, { beta2: 0.99 });
    for (let i = 0; i < 300; i++) {
      adam.step(Float32Array.of(2 * (x[0] ?? 0), 200 * (x[1] ?? 0)), rampedLearningRate(i, 300, 0.1));
    }
    expect(Math.hypot(...x)).toBeLessThan(0.01);
  });
});

describe("rampedLearningRate", () => {
  it("rises, stays and falls to nearly nothing", () => {
    const rates = Array.from({ length: 100 }, (_, i) => rampedLearningRate(i, 100, 0.1));
    expect(rates[0]).toBeLessThan(0.05);
    expect(rates[20]).toBe(0.1);
    expect(rates[50]).toBe(0.1);
    expect(rates[75]).toBeCloseTo(0.05, 6);
    expect(rates[99]).toBeCloseTo(0.002, 6);
    expect(Math.max(...rates)).toBe(0.1);
  });
});

describe("similarity", () => {
  interface Fixture {
    readonly size: number;
    readonly a: number[];
    readonly b: number[];
    readonly ssim: number;
    readonly psnr: number;
  }
  const fixture = JSON.parse(
    readFileSync(repository("test/fixtures/inversion/similarity.json"), "utf8"),
  ) as Fixture;
  const [a, b] = [Float32Array.from(fixture.a), Float32Array.from(fixture.b)];

  it("equals scipy's", () => {
    expect(ssim(a, b, fixture.size)).toBeCloseTo(fixture.ssim, 6);
    expect(psnr(a, b)).toBeCloseTo(fixture.psnr, 5);
  });

  it("is perfect for equal pictures, and blind to what no screen shows", () => {
    expect(ssim(a, a, fixture.size)).toBeCloseTo(1, 12);
    expect(psnr(a, a)).toBe(Infinity);
    expect(psnr(Float32Array.of(1, 0), Float32Array.of(7, 0))).toBe(Infinity);
  });
});

describe("inversionSettings", () => {
  it("fills in what is missing", () => {
    expect(inversionSettings({ iterations: 3 })).toMatchObject({ iterations: 3, beta: 0.001, seed: 0 });
  });

  it.each([
    { iterations: -1 },
    { iterations: 1.5 },
    { beta: NaN },
    { identityWeight: Infinity },
    { seed: -4 },
  ])("refuses %o", (options) => {
    expect(() => inversionSettings(options)).toThrow(/cannot be/);
  });
});

describe("names of latents", () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, `${name}.latent.json`);
  async function paths(photo: string, count: number, options: NameOptions = {}): Promise<string[]> {
    const faces = Array.from({ length: count }, (_, face) => face);
    const names = new LatentNames({ photo, folder, count, faces }, options);
    const found: string[] = [];
    for (const face of faces) found.push(await names.pathOf(face));
    return found;
  }

  it("are the photo's for one face, and numbered for several", async () => {
    expect(await paths("/photos/me.final.jpg", 1)).toEqual([at("me.final")]);
    expect(await paths("us.png", 2)).toEqual([at("us-1"), at("us-2")]);
  });

  it("avoid what is there unless they may replace it", async () => {
    await writeFile(at("we-2"), "");
    await writeFile(at("we (2)-1"), "");
    expect(await paths("we.png", 2)).toEqual([at("we (3)-1"), at("we (3)-2")]);
    expect(await paths("we.png", 2, { overwrite: true })).toEqual([at("we-1"), at("we-2")]);
    const replaces = (path: string): Promise<boolean> => Promise.resolve(path === at("we-2"));
    expect(await paths("we.png", 2, { replaces })).toEqual([at("we-1"), at("we-2")]);
  });

  it("avoid what the same batch has written, also where they may replace what is there", async () => {
    const given = new Set<string>();
    expect(await paths("a/1.jpg", 1, { overwrite: true, given })).toEqual([at("1")]);
    await writeFile(at("1"), "");
    expect(await paths("b/1.png", 1, { overwrite: true, given })).toEqual([at("1 (2)")]);
  });

  it("avoid what another run has written meanwhile", async () => {
    const names = new LatentNames({ photo: "he.png", folder, count: 2, faces: [0, 1] });
    expect(await names.pathOf(0)).toBe(at("he-1"));
    await writeFile(at("he-2"), "");
    expect(await names.pathOf(1)).toBe(at("he (2)-2"));
  });

  it("of missing faces are of the same copy as those that are there", async () => {
    await writeFile(at("three-1"), "");
    const names = new LatentNames({ photo: "three.png", folder, count: 3, faces: [1, 2] });
    expect([await names.pathOf(1), await names.pathOf(2)]).toEqual([at("three-2"), at("three-3")]);
  });
});
