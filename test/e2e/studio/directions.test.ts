import { execFile } from "node:child_process";
import { access, cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { keepEvidence, until, Workbench } from "../driver/index.js";
import { StudioPage } from "./page.js";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
/** Few faces: a fit of them is a matter of seconds. */
const SEEDS = "0:256";
const FITTED = "faces-directions/mouth-width.direction.json";

let folder: string;
let code: Workbench;
let studio: StudioPage;

const there = async (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

afterEach(async (context) => {
  await keepEvidence(code, context);
});

describe("label sets and directions", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rfm-labels-"));
    await cp(join(ROOT, "test", "fixtures", "photos"), folder, { recursive: true });
    const label = [join(ROOT, "dist", "cli.js"), "label", SEEDS, "--out", join(folder, "faces")];
    await promisify(execFile)(process.execPath, label);
    code = await Workbench.open({
      environment: inject("environment"),
      vsix: inject("vsix"),
      workspace: folder,
    });
    studio = new StudioPage(code);
  });
  afterAll(async () => {
    await code.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("the tree shows the model's directions and the workspace's label sets", async () => {
    await code.sideBar.show("RFM");
    const tree = code.tree("Directions");
    await tree.find(/^faces, 256 faces · \d+ attributes/);
    await tree.find(/^Model demo, \d+/);
    await tree.find(/^Smile, AUC 0\.\d+ · layers \d+–\d+/);
  });

  test("a direction's report is a page of plots, with its numbers in words", async () => {
    await code.tree("Directions").open(/^Smile, AUC/);
    const report = await code.webviews.withElement("main h1");
    expect(await report.locator("main h1").innerText()).toBe("smile");
    expect(await report.locator("table").first().innerText()).toMatch(/AUC[^]*Smile[^]*0\.9\d\d/);
    // Every plot has a name and its numbers as a table.
    const plots = await report.locator('svg[role="img"][aria-label]').count();
    expect(plots).toBeGreaterThan(0);
    expect(await report.locator("figure details table").count()).toBe(plots);
    await code.screenshots.take(join(ROOT, "dist", "e2e", "report.png"));
  });

  test("fitting a label set gives a direction in the tree and a slider in the open Studio", async () => {
    await code.explorer.show();
    await studio.invert("astronaut.png");
    await code.tabs.waitUntilActive("astronaut.latent.json");
    await studio.unedited();

    await code.sideBar.show("RFM");
    const menu = await code.tree("Directions").contextMenu(/^faces, /);
    await menu.choose("Fit Directions...");
    const { quickInput } = code;
    await quickInput.waitUntilOpen("Fit Directions");
    await quickInput.tickAll(false);
    await quickInput.type("Mouth width");
    await quickInput.pick(/^Mouth width/);
    await quickInput.confirm();
    await quickInput.pick(/^L1/);
    await quickInput.pick(/Fit, into/);
    const told = await code.notifications.waitFor(/Directions fitted: 1\./);
    expect(told.severity).not.toBe("error");
    await code.notifications.clear();

    const document = JSON.parse(await readFile(code.path(FITTED), "utf8")) as {
      readonly labelSet: { readonly name: string };
      readonly effect?: object;
    };
    expect(document.labelSet.name).toBe("faces");
    expect(document.effect).toBeDefined();
    await code.tree("Directions").find(/^Mouth width, mouth-width|^Mouth width, AUC/);
    expect(await studio.amount("Mouth width")).toBe(0);
  });

  test("a deleted direction leaves the disk and the tree; its label set stays", { retry: 2 }, async () => {
    const menu = await code.tree("Directions").contextMenu(/^Mouth width/);
    await menu.choose("Delete");
    await code.dialogs.press("Move to Trash");
    // The server that tests run on has no trash, and says so.
    await code.dialogs.press("Delete Permanently");
    await until("the file to be gone", async () => !(await there(code.path(FITTED))));
    await code.tree("Directions").waitUntilGone(/^Mouth width/);
    expect(await there(code.path("faces.labels.json"))).toBe(true);
  });

  // A menu that opens while the tree is drawn anew belongs to a row that is gone: then nothing is deleted, and it is tried again.
  test("a deleted label set takes its folder of scores along", { retry: 2, timeout: 150_000 }, async () => {
    if (!(await there(code.path("faces.labels")))) return;
    const menu = await code.tree("Directions").contextMenu(/^faces, /);
    await menu.choose("Delete");
    await code.dialogs.press("Move to Trash");
    await code.dialogs.press("Delete Permanently");
    await until("the scores to be gone", async () => !(await there(code.path("faces.labels"))), 20_000);
    expect(await there(code.path("faces.labels.json"))).toBe(false);
  });

  test("no webview broke its content security policy", () => {
    expect(code.console.policyViolations).toEqual([]);
  });
});
