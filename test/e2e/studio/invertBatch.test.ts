import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { keepEvidence, until, Workbench } from "../driver/index.js";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const PHOTO = join(ROOT, "test", "fixtures", "photos", "astronaut.png");
const PICTURES = join(ROOT, "dist", "e2e");
const FOLDER = "faces";

let folder: string;
let code: Workbench;

afterEach(async (context) => {
  await keepEvidence(code, context);
});

describe("a folder of photos", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rfm-batch-"));
    await mkdir(join(folder, FOLDER));
    for (const name of ["first.png", "second.png"]) await cp(PHOTO, join(folder, FOLDER, name));
    code = await Workbench.open({
      environment: inject("environment"),
      vsix: inject("vsix"),
      workspace: folder,
      settings: { "rfm.inversion.iterations": 12 },
    });
  });
  afterAll(async () => {
    await code.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("is inverted as a whole, with a report that shows every face", async () => {
    await until("Invert Face in the menu of the folder", async () => {
      const menu = await code.explorer.contextMenu(FOLDER);
      if ((await menu.items()).includes("Invert Face")) {
        await menu.choose("Invert Face");
        return true;
      }
      await menu.close();
      return false;
    });
    const told = await code.notifications.waitFor("Faces inverted: 2.");
    const table = await readFile(code.path(`${FOLDER}/inversions.csv`), "utf8");
    expect(table.trim().split("\r\n")).toHaveLength(3);
    await told.press("Show Report");
    const report = await code.webviews.withElement("dl");
    expect(await report.locator("li img").count()).toBe(4);
    await code.screenshots.take(join(PICTURES, "batch-report.png"));
    await report.locator("li h2 a").first().click();
    await code.tabs.waitUntilActive("first.latent.json");
  });

  test("the Studio's details tell the course of the inversion, as a chart and as numbers", async () => {
    const studio = await code.webviews.withElement(".course svg[role='img']");
    const chart = studio.locator(".course svg[role='img']");
    expect(await chart.getAttribute("aria-label")).toContain("weighted sum");
    expect(await studio.locator(".course table tbody tr").count()).toBeGreaterThan(1);
    await studio.locator(".course summary").click();
    await chart.scrollIntoViewIfNeeded();
    await code.screenshots.take(join(PICTURES, "course.png"));
    expect(code.console.policyViolations).toEqual([]);
  });
});
