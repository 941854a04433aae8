import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder";
import { fixturePath } from "../support/wavyPictures";
import { resultOf, rfm, startRfm, type Ended } from "./support/rfm";

const folder = temporaryFolder();
const album = join(folder, "album");
const invert = (...more: string[]): Promise<Ended> =>
  rfm(folder, "invert", "album", "--iterations", "2", "--json", "--provider", "cpu", ...more);

interface Result {
  readonly latents: readonly { readonly path: string; readonly known?: boolean; readonly face: number }[];
  readonly failed: readonly { readonly piece: string }[];
  readonly report?: { readonly table: string; readonly sheet: string };
}

beforeAll(async () => {
  mkdirSync(album);
  copyFileSync(fixturePath("photos/astronaut.png"), join(album, "one.png"));
  copyFileSync(fixturePath("photos/no-face-cat.png"), join(album, "cat.png"));
  const face = await sharp(fixturePath("photos/astronaut.png")).toBuffer();
  const size = 512;
  // Two faces in one photo.
  await sharp({ create: { width: 2 * size, height: size, channels: 3, background: "#888" } })
    .composite([
      { input: face, left: 0, top: 0 },
      { input: await sharp(face).flop().toBuffer(), left: size, top: 0 },
    ])
    .jpeg()
    .toFile(join(album, "two.jpg"));
});

it("inverts a folder, tells of what failed, and reports all faces in one table and one sheet", async () => {
  const ended = await invert();
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/cat\.png shows no face/);
  const { latents, failed, report } = resultOf(ended) as unknown as Result;
  expect(latents.map(({ path }) => path)).toEqual([
    join("album", "one.latent.json"),
    join("album", "two-1.latent.json"),
    join("album", "two-2.latent.json"),
  ]);
  expect(failed).toMatchObject([{ piece: join("album", "cat.png") }]);
  const lines = readFileSync(join(folder, report?.table ?? ""), "utf8")
    .trim()
    .split("\r\n");
  expect(lines).toHaveLength(4);
  const sheet = readFileSync(join(folder, report?.sheet ?? ""), "utf8");
  expect(sheet.match(/data:image\/webp/g)).toHaveLength(6);
  expect(sheet).toContain("cat.png shows no face");
});

it("leaves alone what the same work inverted before, does the rest, and reports both", async () => {
  const before = readFileSync(join(album, "two-2.latent.json"), "utf8");
  copyFileSync(join(album, "one.png"), join(album, "three.png"));
  const again = resultOf(await invert()) as unknown as Result;
  expect(again.latents.map(({ known = false }) => known)).toEqual([true, false, true, true]);
  expect(readFileSync(join(album, "two-2.latent.json"), "utf8")).toBe(before);
  expect(readFileSync(join(album, "inversions.csv"), "utf8").trim().split("\r\n")).toHaveLength(5);

  const other = resultOf(await invert("--beta", "0.002", "--no-report")) as unknown as Result;
  expect(other.latents.every(({ known }) => known === undefined)).toBe(true);
  expect(other.report).toBeUndefined();
  expect(readdirSync(album)).toContain("one (2).latent.json");
});

it("reports what it came to where it was stopped", async () => {
  const work = ["--out", "stopped", "--iterations", "100000", "--json", "--provider", "cpu"];
  const running = startRfm(folder, "invert", join("album", "one.png"), join("album", "two.jpg"), ...work);
  await running.printed('"pixel":');
  running.child.kill("SIGINT");
  const ended = await running.ended;
  expect(ended.code).toBe(130);
  const { latents, report } = resultOf(ended) as unknown as Result;
  expect(latents).toHaveLength(1);
  const table = readFileSync(join(folder, report?.table ?? ""), "utf8");
  expect(table.trim().split("\r\n")).toHaveLength(2);
  expect(table).toContain("one.png");
});

it("goes on with what was stopped, in the place of what it had come to", async () => {
  const work = ["--iterations", "40", "--out", "gone-on", "--json", "--provider", "cpu"];
  const running = startRfm(folder, "invert", join("album", "one.png"), ...work);
  await running.printed('"done":2,');
  running.child.kill("SIGINT");
  expect((await running.ended).code).toBe(130);
  const latent = join(folder, "gone-on", "one.latent.json");
  expect(JSON.parse(readFileSync(latent, "utf8"))).not.toHaveProperty("inversion.work");
  const ended = await rfm(folder, "invert", join("album", "one.png"), ...work);
  expect(ended).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("goes on from iteration") as string,
  });
  expect(JSON.parse(readFileSync(latent, "utf8"))).toHaveProperty("inversion.work");
  expect(readdirSync(join(folder, "gone-on"))).toEqual(["one.latent.json"]);
});

it("keeps the latents of photos of one name apart, also where it may replace", async () => {
  mkdirSync(join(folder, "other"));
  copyFileSync(join(album, "one.png"), join(folder, "other", "one.png"));
  const named = [join("album", "one.png"), join("other", "one.png"), "--out", "both", "--iterations", "1"];
  for (let time = 0; time < 2; time++) {
    const { latents } = resultOf(
      await rfm(folder, "invert", ...named, "--overwrite", "--json", "--provider", "cpu"),
    ) as unknown as Result;
    expect(latents.map(({ path }) => path)).toEqual([
      join("both", "one.latent.json"),
      join("both", "one (2).latent.json"),
    ]);
  }
});
