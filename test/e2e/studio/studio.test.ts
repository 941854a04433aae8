import { cp, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { keepEvidence, until, Workbench } from "../driver/index.js";
import { enginePid } from "./enginePid.js";
import { keptBackup } from "./keptBackup.js";
import { StudioPage } from "./page.js";

const PHOTOS = join(dirname(dirname(import.meta.dirname)), "fixtures", "photos");
const LATENT = "astronaut.latent.json";

let code: Workbench;
let studio: StudioPage;

interface Saved {
  readonly edits: readonly { readonly direction: { readonly name: string }; readonly amount: number }[];
}

async function saved(): Promise<Saved> {
  return JSON.parse(await readFile(code.path(LATENT), "utf8")) as Saved;
}

afterEach(async (context) => {
  await keepEvidence(code, context);
});

describe("from a photo to an edited face", () => {
  beforeAll(async () => {
    code = await Workbench.open({
      environment: inject("environment"),
      vsix: inject("vsix"),
      workspace: PHOTOS,
    });
    studio = new StudioPage(code);
  });
  afterAll(async () => {
    await code.close();
  });

  test("nothing runs before it is needed", async () => {
    expect(await code.logs.extensionHost()).not.toContain("activating extension 'rfm.rfm'");
  });

  test("Invert Face on a photo opens the Studio with the reconstruction", async () => {
    await studio.invert("astronaut.png");
    await code.tabs.waitUntilActive(LATENT);
    const reconstruction = await studio.unedited();
    expect(reconstruction).toMatch(/^64x64 /);
    expect(await studio.pixels("photo")).not.toBe(reconstruction);
    expect(await code.tabs.isDirty(LATENT)).toBe(false);
  });

  test("a dragged slider changes the pixels, as one step of undo", async () => {
    const reconstruction = await studio.pixels("reconstruction");
    await studio.drag("Smile", 0.5, 0.2);
    await studio.editWhere("differs", (pixels) => pixels !== reconstruction);
    await code.tabs.waitUntilDirty(LATENT);
    // The first picture that differs may be one of the way that the slider was dragged.
    const edited = await studio.settled();
    expect(await studio.amount("Smile")).toBeLessThan(-1);

    await code.tabs.undo(LATENT);
    await studio.unedited();
    await code.tabs.waitUntilDirty(LATENT, false);
    await studio.amountIs("Smile", 0);

    await code.tabs.redo(LATENT);
    await studio.editWhere("is back", (pixels) => pixels.length > 0 && pixels === edited);
    await code.tabs.waitUntilDirty(LATENT);
  });

  test("what is saved is found again after closing", async () => {
    const amount = await studio.amount("Smile");
    const edited = await studio.pixels("edit");
    await code.tabs.save(LATENT);
    const { edits } = await saved();
    expect(edits).toHaveLength(1);
    expect(edits[0]?.direction.name).toBe("smile");
    expect(edits[0]?.amount).toBeCloseTo(amount, 5);

    await code.tabs.close(LATENT);
    await code.tabs.waitUntilClosed(LATENT);
    await code.explorer.show();
    await code.explorer.open(LATENT);
    await code.tabs.waitUntilActive(LATENT);
    await studio.editWhere("is the saved one", (pixels) => pixels === edited);
    await studio.amountIs("Smile", amount);
    expect(await code.tabs.isDirty(LATENT)).toBe(false);
  });

  test("unsaved amounts are kept for the next start, and reverting drops them", async () => {
    await studio.drag("Age", 0.5, 0.75);
    await code.tabs.waitUntilDirty(LATENT);
    await keptBackup(code, `"name":"age"`);
    await code.tabs.revert(LATENT);
    await code.tabs.waitUntilDirty(LATENT, false);
    await studio.amountIs("Age", 0);
  });

  test("a killed engine is started again with a message, and the Studio goes on", async () => {
    const before = await enginePid(code);
    process.kill(before, "SIGKILL");
    await code.notifications.waitFor(/engine stopped/i);
    await until("another engine", async () => (await enginePid(code)) !== before);
    await code.notifications.clear();
    const still = await studio.pixels("edit");
    await studio.drag("Gender", 0.5, 0.7);
    await studio.editWhere("follows the slider again", (pixels) => pixels !== still);
    await code.tabs.waitUntilDirty(LATENT);
    await code.tabs.undo(LATENT);
    await code.tabs.waitUntilDirty(LATENT, false);
  });

  test("an engine killed in the middle of an inversion is told, and nothing half-written stays", async () => {
    await cp(code.path("astronaut.png"), code.path("second.png"));
    await code.explorer.show();
    await studio.invert("second.png");
    await code.notifications.waitFor(/Inverting second\.png.*\d/);
    process.kill(await enginePid(code), "SIGKILL");
    const told = await code.notifications.waitFor(/engine/i);
    expect(told.text).not.toMatch(/\bat .*:\d+/);
    await code.notifications.waitUntilGone(/Inverting second\.png/);
    const left = (await readdir(code.workspace)).filter((name) => name.includes("second"));
    expect(left).toEqual(["second.png"]);
    await code.notifications.clear();
  });

  test("a picture without a face is refused with a sentence that names it", async () => {
    await code.explorer.show();
    await studio.invert("no-face-cat.png");
    const refusal = await code.notifications.waitFor(/no-face-cat\.png shows no face/);
    expect(refusal.severity).toBe("error");
    await code.notifications.clear();
  });

  test("several photos are inverted one after the other, failures told at the end", async () => {
    await code.explorer.select("no-face-coffee.png", "no-face-cat.png");
    await studio.invert("no-face-coffee.png");
    const told = await code.notifications.waitFor(/no-face-coffee\.png shows no face/);
    expect(told.text).toMatch(/no-face-cat\.png shows no face/);
    await code.notifications.clear();
  });

  test("Invert Face is offered on pictures only", async () => {
    const menu = await code.explorer.contextMenu("README.md");
    expect(await menu.items()).not.toContain("Invert Face");
    await menu.close();
  });

  test("no webview broke its content security policy", () => {
    expect(code.console.policyViolations).toEqual([]);
  });
});
