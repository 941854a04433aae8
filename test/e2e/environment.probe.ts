import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { keepEvidence, THEMES, Workbench } from "./driver/index.js";

// The driver's own test, run with RFM_E2E_SUITE=probe after a change to it: on the smallest extension that has a command, a view and a custom editor.
const EXTENSION = join(import.meta.dirname, "environment", "probe-extension");
const WORKSPACE = join(import.meta.dirname, "environment", "probe-workspace");
const FILE = "answer.probe.json";

let scratch: string;
let vsix: string;
let code: Workbench;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "rfm-probe-"));
  vsix = join(scratch, "probe.vsix");
  await createVSIX({
    cwd: EXTENSION,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
  });
});

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

afterEach(async (context) => {
  await keepEvidence(code, context);
});

describe("a trusted workspace", () => {
  beforeAll(async () => {
    code = await Workbench.open({ environment: inject("environment"), vsix, workspace: WORKSPACE });
  });
  afterAll(async () => {
    await code.close();
  });

  test("a command from the palette shows a notification", async () => {
    await code.palette.run("Probe: Greet");
    const greeting = await code.notifications.waitFor("Hello from a trusted workspace");
    expect(greeting.severity).toBe("info");
    await code.notifications.clear();
    expect(await code.notifications.shown()).toHaveLength(0);
    expect(await code.palette.offers("Probe: Nothing")).toBe(false);
  });

  test("picks, input boxes and buttons of notifications are answered", async () => {
    await code.palette.run("Probe: Ask");
    await code.quickInput.waitUntilOpen("Which size?");
    expect(await code.quickInput.labels()).toEqual(["small", "large"]);
    await code.quickInput.pick("large");
    await code.quickInput.waitUntilOpen("Which name?");
    await code.quickInput.submit("face");
    await (await code.notifications.waitFor("large face")).press("Fail");
    expect((await code.notifications.waitFor("failed as asked")).severity).toBe("error");
    await code.notifications.clear();
  });

  test("the explorer's menu acts on all chosen pictures, and is offered on pictures only", async () => {
    await code.explorer.select("photos/red.png", "photos/blue.png");
    const menu = await code.explorer.contextMenu("photos/blue.png");
    expect(await menu.items()).toContain("Count Files");
    await menu.choose("Count Files");
    expect((await code.notifications.waitFor("2 files chosen")).severity).toBe("warning");

    const other = await code.explorer.contextMenu(FILE);
    expect(await other.items()).not.toContain("Count Files");
    await other.close();
  });

  test("a webview in the side bar is read", async () => {
    await code.sideBar.show("Explorer");
    await code.sideBar.expand("Probe View");
    const view = await code.webviews.withElement("#view");
    expect(await view.locator("#view").innerText()).toBe("The probe's view");
  });

  test("a custom editor is changed, undone, redone, saved and reverted", async () => {
    const number = async () => (await code.webviews.withElement("#number")).locator("#number").innerText();
    const shows = (value: string) =>
      code.webviews.find(`the number ${value}`, async () => (await number()) === value);

    await code.explorer.open(FILE);
    await code.tabs.waitUntilActive(FILE);
    await shows("41");
    expect(await code.tabs.isDirty(FILE)).toBe(false);

    await (await code.webviews.withElement("#add")).locator("#add").click();
    await shows("42");
    await code.tabs.waitUntilDirty(FILE);
    await code.tabs.undo(FILE);
    await shows("41");
    await code.tabs.waitUntilDirty(FILE, false);
    await code.tabs.redo(FILE);
    await shows("42");
    await code.tabs.save(FILE);
    expect(JSON.parse(await readFile(code.path(FILE), "utf8"))).toEqual({ value: 42 });

    await code.tabs.pressAction("Add One");
    await shows("43");
    await code.tabs.waitUntilDirty(FILE);
    await code.tabs.revert(FILE);
    await shows("42");

    await code.tabs.pressAction("Add One");
    await code.tabs.waitUntilDirty(FILE);
    await code.tabs.close(FILE);
    await code.dialogs.press("Don't Save");
    await code.tabs.waitUntilClosed(FILE);
  });

  test("unsaved changes survive a reload of the window", async () => {
    await code.explorer.open(FILE);
    await (await code.webviews.withElement("#add")).locator("#add").click();
    await code.tabs.waitUntilDirty(FILE);
    await code.reload();
    await code.tabs.waitUntilActive(FILE);
    await code.tabs.waitUntilDirty(FILE);
    await code.tabs.revert(FILE);
  });

  test("the window is photographed in every theme", async () => {
    for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
      await code.screenshots.wear(theme);
      const path = join(scratch, `${theme}.png`);
      await code.screenshots.take(path);
      const header = await readFile(path);
      expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([1440, 900]);
    }
  });

  test("the logs are read", async () => {
    await code.logs.waitForChannel("Probe", "probe is active");
    expect(await code.logs.extensionHost()).toContain("rfm-test.probe");
    expect(code.console.policyViolations).toEqual([]);
  });
});

describe("Restricted Mode", () => {
  beforeAll(async () => {
    code = await Workbench.open({
      environment: inject("environment"),
      vsix,
      workspace: WORKSPACE,
      trusted: false,
    });
  });
  afterAll(async () => {
    await code.close();
  });

  test("an extension sees the workspace untrusted until trust is granted", async () => {
    await code.trust.waitUntilRestricted();
    await code.palette.run("Probe: Greet");
    await code.notifications.waitFor("Hello from a restricted workspace");
    await code.trust.grant();
    await code.palette.run("Probe: Greet");
    await code.notifications.waitFor("Hello from a trusted workspace");
  });
});
