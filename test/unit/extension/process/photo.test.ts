import { copyFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { invert } from "../../../../src/extension/process/handlers/photo";
import { writeInversionReport } from "../../../../src/extension/process/handlers/photoBatch";
import type { Workbench } from "../../../../src/extension/process/workbench";
import { flattened } from "../../../support/flatInverter";
import { temporaryFolder } from "../../../support/folder";
import { fixturePath } from "../../../support/wavyPictures";
import type { InvertResult } from "../../../../src/protocol/engine";

const folder = temporaryFolder();
const album = join(folder, "album");
const inverter = flattened(2);

/** A workbench with this inverter and nothing else. */
const workbench = {
  pack: () => Promise.resolve(inverter.model.pack),
  model: () => Promise.resolve(inverter.model),
  perceptual: () => Promise.resolve(undefined),
  inverter: () => Promise.resolve(inverter),
  runBlock: () => Promise.resolve({ createdAt: "2026-01-01T00:00:00Z", version: "0" }),
} as unknown as Workbench;
const call = { signal: new AbortController().signal, report: () => undefined };

const photo = join(folder, "two.png");
const run = (more: object = {}): Promise<InvertResult> =>
  invert(workbench, { path: photo, output: album, model: "pack", ...more }, call);
const names = (result: InvertResult): string[] =>
  result.latents.map(({ path }) => path.slice(album.length + 1));

beforeAll(() => {
  copyFileSync(fixturePath("photos/astronaut.png"), photo);
});

it("inverts every face, and leaves them alone when asked for what is not done yet", async () => {
  const first = await run({ skipDone: true });
  expect(names(first)).toEqual(["two-1.latent.json", "two-2.latent.json"]);
  expect(first.latents.map(({ face, known }) => [face, known])).toEqual([
    [0, undefined],
    [1, undefined],
  ]);
  const written = readFileSync(join(album, "two-2.latent.json"), "utf8");
  const work = inverter.count;

  const again = await run({ skipDone: true });
  expect(names(again)).toEqual(names(first));
  expect(again.latents.map(({ face, known }) => [face, known])).toEqual([
    [0, true],
    [1, true],
  ]);
  // How long it took then is in the document.
  expect(again.latents[0]?.seconds).toBeCloseTo(first.latents[0]?.seconds ?? NaN, 5);
  expect(inverter.count).toBe(work);
  expect(readFileSync(join(album, "two-2.latent.json"), "utf8")).toBe(written);
});

it("inverts the one face again whose latent is gone", async () => {
  const [first = ""] = readdirSync(album).filter((name) => name.endsWith("-1.latent.json"));
  rmSync(join(album, first));
  const { latents } = await run({ skipDone: true });
  expect(names({ latents, cancelled: false }).sort()).toEqual(["two-1.latent.json", "two-2.latent.json"]);
  expect(latents.map(({ known = false }) => known).sort()).toEqual([false, true]);
});

it("inverts again where nobody says otherwise, and by other settings", async () => {
  expect(names(await run())).toEqual(["two (2)-1.latent.json", "two (2)-2.latent.json"]);
  expect(names(await run({ skipDone: true, beta: 0.5 }))).toEqual([
    "two (3)-1.latent.json",
    "two (3)-2.latent.json",
  ]);
  expect(readdirSync(album).filter((name) => name.endsWith(".latent.json"))).toHaveLength(6);
});

it("reports known faces like new ones, under names that begin at the report", async () => {
  const { latents } = await run({ skipDone: true });
  const failed = { path: join(folder, "cat.png"), message: `${join(folder, "cat.png")} shows no face.` };
  const { table, sheet } = await writeInversionReport(
    workbench,
    {
      named: [folder],
      model: "pack",
      photos: [{ path: photo, latents: latents.map(({ path }) => path) }],
      failed: [failed],
    },
    call,
  );
  expect([table, sheet]).toEqual(["csv", "html"].map((ending) => join(folder, `inversions.${ending}`)));
  expect(readFileSync(table, "utf8").trim().split("\r\n")).toHaveLength(3);
  const page = readFileSync(sheet, "utf8");
  expect(page).toContain(">two.png, face 2</a>");
  expect(page).toContain("<li>cat.png shows no face.</li>");
});

it("tells of a latent that has gone meanwhile", async () => {
  const missing = join(album, "gone.latent.json");
  const parameters = {
    named: [folder],
    model: "pack",
    photos: [{ path: photo, latents: [missing] }],
    failed: [],
  };
  const { table, sheet } = await writeInversionReport(workbench, parameters, call);
  expect(readFileSync(table, "utf8").trim().split("\r\n")).toHaveLength(1);
  expect(readFileSync(sheet, "utf8")).toMatch(/<li>[^<]*gone\.latent\.json/);
});
