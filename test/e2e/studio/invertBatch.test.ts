import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { keepEvidence, until, Workbench } from "../driver/index.js";
import { StudioPage } from "./page.js";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const PHOTO = join(ROOT, "test", "fixtures", "photos", "astronaut.png");
const PICTURES = join(ROOT, "dist", "e2e");
const FOLDER = "faces";

/** As much of a face as a hand or a microphone would hide. */
const BAR = {
  input: { create: { width: 75, height: 30, channels: 3, background: "#f0f" } },
  left: 222,
  top: 138,
} as const;

let folder: string;
let code: Workbench;
let studio: StudioPage;

afterEach(async (context) => {
  await keepEvidence(code, context);
});

describe("a folder of photos", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rfm-batch-"));
    await mkdir(join(folder, FOLDER));
    await cp(PHOTO, join(folder, FOLDER, "first.png"));
    await sharp(PHOTO)
      .composite([BAR])
      .toFile(join(folder, FOLDER, "second.png"));
    code = await Workbench.open({
      environment: inject("environment"),
      vsix: inject("vsix"),
      workspace: folder,
      settings: { "rfm.inversion.iterations": 12 },
    });
    studio = new StudioPage(code);
  });
  afterAll(async () => {
    await code.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("is inverted as a whole, with a report that shows every face", async () => {
    await studio.invert(FOLDER);
    const told = await code.notifications.waitFor("Faces inverted: 2.");
    const table = await readFile(code.path(`${FOLDER}/inversions.csv`), "utf8");
    expect(table.trim().split("\r\n")).toHaveLength(3);
    await told.press("Show Report");
    const report = await code.webviews.withElement("dl");
    expect(await report.locator("li img").count()).toBe(4);
    expect(await report.locator("li h2").allInnerTexts()).toEqual(["first.png", "second.png"]);
    await code.screenshots.take(join(PICTURES, "batch-report.png"));
    await report.locator("li h2 a").first().click();
    await code.tabs.waitUntilActive("first.latent.json");
  });

  test("the Studio's details tell the course of the inversion, as a chart and as numbers", async () => {
    const page = await code.webviews.withElement(".course svg[role='img']");
    const chart = page.locator(".course svg[role='img']");
    expect(await chart.getAttribute("aria-label")).toContain("weighted sum");
    expect(await page.locator(".course table tbody tr").count()).toBeGreaterThan(1);
    await page.locator(".course summary").click();
    await chart.scrollIntoViewIfNeeded();
    await code.screenshots.take(join(PICTURES, "course.png"));
    expect(code.console.policyViolations).toEqual([]);
  });

  test("is left alone when it is inverted again, and that is told", async () => {
    await code.notifications.clear();
    const before = await readFile(code.path(`${FOLDER}/first.latent.json`), "utf8");
    await code.explorer.show();
    await studio.invert(FOLDER);
    await code.notifications.waitFor("Faces that had been inverted before: 2.");
    expect(await readFile(code.path(`${FOLDER}/first.latent.json`), "utf8")).toBe(before);
    expect((await readdir(code.path(FOLDER))).filter((name) => name.endsWith(".latent.json"))).toHaveLength(
      2,
    );
  });

  test("what was left out of a photo is hatched over it at the press of a button", async () => {
    await code.notifications.clear();
    await code.explorer.open(`${FOLDER}/second.latent.json`);
    await code.tabs.waitUntilActive("second.latent.json");
    const page = await code.webviews.withElement("button.toggle");
    const toggle = page.getByRole("button", { name: "Show what was left out" });
    const hatching = page.locator(".pane.photo svg.occluders");
    expect(await toggle.getAttribute("aria-pressed")).toBe("false");
    expect(await hatching.isVisible()).toBe(false);
    const share = await page.locator('.details dt:text-is("Left out") + dd').innerText();
    expect(share).toMatch(/^\d+%$/);

    await toggle.focus();
    await toggle.press("Enter");
    await hatching.waitFor();
    expect(await toggle.getAttribute("aria-pressed")).toBe("true");
    expect(await hatching.getAttribute("aria-label")).toContain(`About ${share} of the photo`);
    const photo = await page.locator('canvas[data-pane="photo"]').boundingBox();
    const inside = photo && {
      x: photo.x + 1,
      y: photo.y + 1,
      width: photo.width - 2,
      height: photo.height - 2,
    };
    expect(await hatching.boundingBox()).toEqual(inside);
    await code.screenshots.take(join(PICTURES, "occluders.png"));
    // The host keeps it for this Studio: another one, and another tab, change nothing.
    await code.explorer.show();
    await code.explorer.open(`${FOLDER}/first.latent.json`);
    await code.tabs.waitUntilActive("first.latent.json");
    await until("the Studio without occluders", async () => {
      const shown = await studio.shown();
      return !(await shown.locator("button.toggle").isVisible());
    });
    await code.explorer.open(`${FOLDER}/second.latent.json`);
    await code.tabs.waitUntilActive("second.latent.json");
    const again = await code.webviews.withElement("svg.occluders");
    await again.getByRole("button", { name: "Show what was left out" }).click();
    await again.locator("svg.occluders").waitFor({ state: "hidden" });
    expect(code.console.policyViolations).toEqual([]);
  });
});
