import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { keepEvidence, until, Workbench } from "../driver/index.js";
import { StudioPage } from "./page.js";

const PHOTOS = join(dirname(dirname(import.meta.dirname)), "fixtures", "photos");
const LATENT = "astronaut.latent.json";
const TUNED = "astronaut.tuned.safetensors";

let code: Workbench;
let studio: StudioPage;

beforeAll(async () => {
  code = await Workbench.open({
    environment: inject("environment"),
    vsix: inject("vsix"),
    workspace: PHOTOS,
    settings: { "rfm.inversion.iterations": 10, "rfm.inversion.tuningSteps": 5 },
  });
  studio = new StudioPage(code);
});

afterEach(async (context) => {
  await keepEvidence(code, context);
});

afterAll(async () => {
  await code.close();
});

describe("a face that is matched", () => {
  let untuned: string;
  let matched: string;

  test("looks more like the photo, as a step of undo, with the weights beside the latent", async () => {
    await studio.invert("astronaut.png");
    await code.tabs.waitUntilActive(LATENT);
    untuned = await studio.unedited();
    const panel = await studio.sliders();
    await panel.locator('[data-key="match"]').click();
    matched = await studio.editWhere("is matched", (pixels) => pixels !== untuned);
    await code.tabs.waitUntilDirty(LATENT);
    expect(await readdir(code.workspace)).toContain(TUNED);
    await studio.amountIs("Likeness", 1);

    await code.tabs.undo(LATENT);
    await studio.unedited();
    await code.tabs.redo(LATENT);
    await studio.editWhere("is matched again", (pixels) => pixels === matched);
  });

  test("follows the likeness from the keyboard and the mouse, down to the model's own picture", async () => {
    await studio.drag("Likeness", 0.99, 0.5);
    await studio.editWhere("is in between", (pixels) => pixels !== matched && pixels !== untuned);
    const panel = await studio.sliders();
    const slider = panel.locator('input[type="range"][aria-label="Likeness"]');
    await slider.press("Home");
    await studio.unedited();
    await studio.amountIs("Likeness", 0);
    await slider.press("End");
    await studio.editWhere("is matched", (pixels) => pixels === matched);
  });

  test("is found again after closing, and carries edits", async () => {
    await code.tabs.save(LATENT);
    const document = JSON.parse(await readFile(code.path(LATENT), "utf8")) as { tuned: object };
    expect(document.tuned).toMatchObject({ path: TUNED, amount: 1, steps: 5 });
    await code.tabs.close(LATENT);
    await code.tabs.waitUntilClosed(LATENT);
    await code.explorer.show();
    await code.explorer.open(LATENT);
    await code.tabs.waitUntilActive(LATENT);
    await studio.editWhere("is the matched one", (pixels) => pixels === matched);
    await studio.drag("Smile", 0.5, 0.8);
    await studio.editWhere("smiles", (pixels) => pixels !== matched && pixels !== untuned);
    const picture = process.env.RFM_E2E_PICTURE;
    if (picture !== undefined) await code.screenshots.take(picture);
    await until("the likeness to stay", async () => (await studio.amount("Likeness")) === 1);
  });
});
