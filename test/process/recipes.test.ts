import { existsSync, readdirSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { decodePicture, resizePicture, toTensor, type Picture } from "../../src/engine/faces";
import { readDocument, writeDocument } from "../../src/engine/files";
import { psnr } from "../../src/engine/inversion";
import { temporaryFolder } from "../support/folder";
import { fixturePath } from "../support/wavyPictures";
import { resultOf, rfm, type Ended } from "./support/rfm";

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder, ...names);
const run = (...args: string[]): Promise<Ended> => rfm(folder, ...args, "--json", "--provider", "cpu");

/** The frames of an animation, in RGB. */
async function framesOf(path: string): Promise<Picture[]> {
  const { pages = 1, width, pageHeight: height = 0 } = await sharp(path, { animated: true }).metadata();
  return Promise.all(
    Array.from({ length: pages }, async (_, page) => {
      const data = await sharp(path, { page }).removeAlpha().raw().toBuffer();
      return { data: new Uint8Array(data), width, height };
    }),
  );
}

const likeness = (a: Picture | undefined, b: Picture): number =>
  a === undefined ? NaN : psnr(toTensor(a), toTensor(b));

beforeAll(async () => {
  await copyFile(fixturePath("photos/astronaut.png"), at("astronaut.png"));
  await run("invert", "astronaut.png", "--iterations", "3", "--tune", "2");
  // Another face, untuned: one of a seed would have no document.
  const { tuned: _, ...document } = await readDocument(at("astronaut.latent.json"), "latent");
  const w = document.w.map((row) => row.map((value) => Math.fround(value * -0.5)));
  await writeDocument(at("other.latent.json"), { ...document, norm: document.norm / 2, w });
  const edited = ["edit", "astronaut.latent.json", "--direction", "smile=2", "--out", "smile.png"];
  await mkdir(at("recipes"), { recursive: true });
  const ended = await run(...edited, "--recipe", join("recipes", "smile.recipe.json"));
  expect(resultOf(ended)).toMatchObject({ recipe: join("recipes", "smile.recipe.json") });
}, 120_000);

describe("rfm morph", () => {
  it.each(["webp", "gif"])(
    "leads from what one latent shows to what the other does, as %s",
    async (format) => {
      const ended = await run(
        "morph",
        "astronaut.latent.json",
        "other.latent.json",
        "--frames",
        "4",
        "--out",
        `m.${format}`,
      );
      expect(resultOf(ended)).toEqual({ path: `m.${format}`, frames: 4, size: 64, fps: 25 });
      const frames = await framesOf(at(`m.${format}`));
      expect(frames).toHaveLength(4);
      for (const [frame, latent] of [
        [0, "astronaut"],
        [3, "other"],
      ] as const) {
        await run("edit", `${latent}.latent.json`, "--out", `${latent}.shown.png`);
        expect(likeness(frames[frame], await decodePicture(at(`${latent}.shown.png`)))).toBeGreaterThan(26);
      }
      const { delay, loop } = await sharp(at(`m.${format}`), { animated: true }).metadata();
      expect(delay).toEqual([40, 40, 40, 40]);
      expect(loop).toBe(0);
    },
  );

  it("goes through all latents and back, at the size and pace that are wanted", async () => {
    const stops = ["other.latent.json", "astronaut.latent.json", "other.latent.json"];
    const options = ["--frames", "5", "--back", "--size", "32", "--fps", "10", "--out", "back.webp"];
    expect(resultOf(await run("morph", ...stops, ...options))).toMatchObject({ frames: 8, size: 32 });
    const frames = await framesOf(at("back.webp"));
    const [first, , middle] = frames;
    await run("edit", "astronaut.latent.json", "--out", "astronaut.shown.png");
    const shown = resizePicture(await decodePicture(at("astronaut.shown.png")), 32, 32);
    expect(likeness(middle, shown)).toBeGreaterThan(24);
    expect(likeness(frames[4], first ?? shown)).toBeGreaterThan(30);
  });

  it("says what it cannot do, and writes nothing", async () => {
    const two = ["astronaut.latent.json", "other.latent.json"];
    const wrong: [string[], RegExp, number][] = [
      [[...two, "--frames", "4", "--out", "m.mp4"], /end it in \.webp or \.gif/, 2],
      [[...two, "--frames", "1", "--out", "no.webp"], /--frames is "1"/, 2],
      [["astronaut.latent.json", "--frames", "4", "--out", "no.webp"], /give one more/, 2],
      [[...two, "--frames", "999999", "--out", "no.webp"], /are too many for one animation; give at most/, 2],
      [
        ["none.latent.json", "other.latent.json", "--frames", "4", "--out", "no.webp"],
        /none\.latent\.json/,
        1,
      ],
    ];
    for (const [args, sentence, code] of wrong) {
      const ended = await run("morph", ...args);
      expect(ended).toMatchObject({ code });
      expect(ended.stderr).toMatch(sentence);
    }
    expect(existsSync(at("no.webp"))).toBe(false);
  });
});

describe("rfm apply", () => {
  it("makes the edits of a recipe on latents and photos, one failure aside", async () => {
    const faces = ["astronaut.latent.json", "none.png", "other.latent.json", "astronaut.png"];
    const ended = await run("apply", "recipes/smile.recipe.json", ...faces, "--out", "out");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/none\.png cannot be read/);
    expect(resultOf(ended)).toMatchObject({
      pictures: [
        { path: join("out", "astronaut.png") },
        { path: join("out", "other.png") },
        { path: join("out", "astronaut (2).png"), latent: join("out", "astronaut.latent.json") },
      ],
      failed: [{ piece: "none.png" }],
    });
    expect(await readFile(at("out", "astronaut.png"))).toEqual(await readFile(at("smile.png")));
    const before = await readFile(at("out", "astronaut.latent.json"));
    const again = await run("apply", "recipes/smile.recipe.json", "astronaut.png", "--out", "out");
    expect(again.code).toBe(0);
    expect(await readFile(at("out", "astronaut.latent.json"))).toEqual(before);
    expect(readdirSync(at("out"))).toHaveLength(4);
  }, 120_000);

  it("takes the place of saved edits, or comes after them", async () => {
    const document = await readDocument(at("astronaut.latent.json"), "latent");
    const { edits } = await readDocument(at("recipes", "smile.recipe.json"), "recipe");
    await writeDocument(at("edited.latent.json"), { ...document, edits });
    for (const [out, ...more] of [["instead"], ["on-top", "--on-top"]] as const) {
      await run("apply", "recipes/smile.recipe.json", "edited.latent.json", "--out", out, ...more);
    }
    await run("edit", "astronaut.latent.json", "--direction", "smile=4", "--out", "twice.png");
    expect(await readFile(at("instead", "edited.png"))).toEqual(await readFile(at("smile.png")));
    expect(
      likeness(await decodePicture(at("on-top", "edited.png")), await decodePicture(at("twice.png"))),
    ).toBeGreaterThan(40);
  });

  it("tells where the directions of a recipe lie from its own folder", async () => {
    const { edits } = await readDocument(at("recipes", "smile.recipe.json"), "recipe");
    const [edit] = edits;
    expect(existsSync(at("recipes", edit?.direction.path ?? "nowhere"))).toBe(true);
  });

  it("refuses a recipe for another model, and what is no recipe", async () => {
    const recipe = await readDocument(at("recipes", "smile.recipe.json"), "recipe");
    const model = { name: "other", sha256: "0".repeat(64) };
    await writeDocument(at("foreign.recipe.json"), { ...recipe, model });
    await writeFile(at("broken.recipe.json"), "{");
    const foreign = await run("apply", "foreign.recipe.json", "astronaut.latent.json", "--out", "no");
    expect(foreign.code).toBe(1);
    expect(foreign.stderr).toMatch(/is a recipe for the model other, not for demo/);
    const broken = await run("apply", "broken.recipe.json", "astronaut.latent.json", "--out", "no");
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/broken\.recipe\.json/);
    expect(existsSync(at("no"))).toBe(false);
  });
});
