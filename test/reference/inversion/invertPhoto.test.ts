import { join } from "node:path";
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDocument } from "../../../src/engine/files";
import { Inverter, invertPhoto, psnr, type PhotoProgress } from "../../../src/engine/inversion";
import { openDemoModel, repository } from "../../support/demoModel";
import { temporaryFolder } from "../../support/folder";

const PHOTO = repository("test/fixtures/photos/astronaut.png");
const RUN = { createdAt: "2026-01-01T00:00:00.000Z", version: "0.0.0" };

const folder = temporaryFolder();
let inverter: Inverter;
let close: () => Promise<void>;

beforeAll(async () => {
  const demo = await openDemoModel();
  inverter = new Inverter(demo.model, demo.nets);
  close = async () => {
    await inverter.dispose();
    await demo.close();
  };
});
afterAll(() => close());

describe("invertPhoto", () => {
  it("reconstructs an unseen face as one that is recognised, and writes what it did", async () => {
    const progress: PhotoProgress[] = [];
    const options = { outputFolder: folder, run: RUN };
    const { faces, cancelled } = await invertPhoto(PHOTO, inverter, options, {
      onProgress: (step) => progress.push(step),
    });
    expect(cancelled).toBe(false);
    expect(faces).toHaveLength(1);
    const document = await readDocument(join(folder, "astronaut.latent.json"), "latent");
    expect(document.metrics?.psnr).toBeGreaterThan(27.5);
    expect(document.metrics?.ssim).toBeGreaterThan(0.85);
    expect(document.metrics?.identity).toBeLessThan(0.45);
    // Near the norm of ordinary codes, so that edits keep their measure.
    expect(document.norm).toBeGreaterThan(60);
    expect(document.norm).toBeLessThan(110);
    expect(document.shape).toEqual([inverter.model.layers, inverter.model.wDimension]);
    expect(document.inversion).toMatchObject({ method: "fast", iterations: 200, p: 2, seed: 0 });
    expect(document.source).toMatchObject({ face: 0 });
    expect(document.source?.landmarks).toHaveLength(68);
    // The document's numbers give the very picture that was measured.
    const w = Float32Array.from(document.w.flat());
    expect(w).toEqual(faces[0]?.result.w);
    const picture = await inverter.model.synthesize(w, 1);
    expect(psnr(picture, faces[0]?.result.reconstruction ?? picture)).toBe(Infinity);

    const phases = [...new Set(progress.map(({ phase }) => phase))];
    expect(phases).toEqual(["decode", "detect", "align", "encode", "optimise", "write"]);
    expect(progress.filter(({ crop }) => crop !== undefined)).toHaveLength(1);
    expect(progress.filter(({ preview }) => preview !== undefined).length).toBeGreaterThanOrEqual(20);
    const losses = progress.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 3);
  });

  it("gives the same numbers again, under a name that is free", async () => {
    const options = { outputFolder: folder, inversion: { iterations: 6 }, run: RUN };
    const [first] = (await invertPhoto(PHOTO, inverter, options)).faces;
    const [second] = (await invertPhoto(PHOTO, inverter, { ...options, overwrite: true })).faces;
    expect(first?.path).toBe(join(folder, "astronaut (2).latent.json"));
    expect(second?.path).toBe(join(folder, "astronaut.latent.json"));
    expect(second?.result.w).toEqual(first?.result.w);
  });

  it("keeps the best so far when it is cancelled on the way", async () => {
    const controller = new AbortController();
    const options = { outputFolder: folder, overwrite: true, run: RUN };
    const { faces, cancelled } = await invertPhoto(PHOTO, inverter, options, {
      signal: controller.signal,
      onProgress: ({ iteration }) => {
        if (iteration === 12) controller.abort();
      },
    });
    expect(cancelled).toBe(true);
    const { result, document } = faces[0] ?? expect.fail("no face");
    expect(result.iterations).toBeLessThan(20);
    const totals = result.course.losses["total"] ?? [];
    expect(totals.length).toBeGreaterThan(1);
    expect(result.losses["total"]).toBe(totals.at(-1));
    expect(result.losses["total"]).toBeLessThan(totals[0] ?? 0);
    expect(document.inversion?.iterations).toBe(result.iterations);
  });

  it("writes nothing when it is cancelled before there is anything to keep", async () => {
    const before = readdirSync(folder);
    const signal = AbortSignal.abort();
    await expect(
      invertPhoto(PHOTO, inverter, { outputFolder: folder, run: RUN }, { signal }),
    ).rejects.toThrow(/Cancelled/);
    expect(readdirSync(folder)).toEqual(before);
  });

  it("says so where there is no face", async () => {
    const cat = repository("test/fixtures/photos/no-face-cat.png");
    await expect(invertPhoto(cat, inverter, { outputFolder: folder, run: RUN })).rejects.toThrow(
      /no-face-cat\.png shows no face/,
    );
  });
});
