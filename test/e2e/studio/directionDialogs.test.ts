import { access, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { keepEvidence, until, Workbench } from "../driver/index.js";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));

let code: Workbench;

const there = async (path: string): Promise<boolean> =>
  access(code.path(path)).then(
    () => true,
    () => false,
  );

/** What these tests look at in a direction's document. */
interface Direction {
  readonly vector: readonly (readonly number[])[];
  readonly attribute: string;
}

async function direction(name: string): Promise<Direction> {
  return JSON.parse(await readFile(code.path(`${name}.direction.json`), "utf8")) as Direction;
}

/** The cosine between two directions: their vectors have length one. */
async function cosine(a: string, b: string): Promise<number> {
  const [first, second] = [(await direction(a)).vector.flat(), (await direction(b)).vector.flat()];
  return first.reduce((sum, value, index) => sum + value * (second[index] ?? NaN), 0);
}

async function saveAs(file: string): Promise<void> {
  await code.quickInput.saveAs(code.path(file), /^\/.*\.(json|html)$/);
}

/** Answers the dialog that asks for a folder with the workspace, which it proposes. */
async function takeWorkspace(): Promise<void> {
  const proposed = `${code.workspace}/`;
  await until(
    "the dialog to propose the workspace",
    async () => (await code.quickInput.value()) === proposed,
  );
  await code.quickInput.submit(proposed);
}

/** Ticks rows of a list of directions, and goes on. */
async function tick(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await code.quickInput.type(name);
    await code.quickInput.pick(new RegExp(`^${name}, `));
  }
  await code.quickInput.confirm();
}

afterEach(async (context) => {
  await keepEvidence(code, context);
});

describe("the dialogs of label sets and directions", () => {
  const tree = () => code.tree("Directions");

  beforeAll(async () => {
    code = await Workbench.open({ environment: inject("environment"), vsix: inject("vsix") });
    await code.sideBar.show("RFM");
    await tree().find(/^Smile, AUC/);
  });
  afterAll(async () => {
    await code.close();
  });

  test("a label set is begun, stopped without loss, and finished", async () => {
    await code.palette.run("RFM: Create Label Set...");
    await code.quickInput.waitUntilOpen("Create Label Set");
    await code.quickInput.submit("48");
    await until("a complaint", async () => (await code.quickInput.message()).includes("such as 0:8000"));
    await code.quickInput.submit("0:96");
    await saveAs("faces.labels.json");
    const working = await code.notifications.waitFor(/labelling faces: [1-9]/);
    await working.cancel();
    await code.notifications.waitFor(/Labelling faces was stopped; every finished face is kept/);
    await code.notifications.clear();
    await tree().find(/^faces, [1-9]\d* of 96 faces/);

    const menu = await tree().contextMenu(/^faces, /);
    await menu.choose("Resume Labelling");
    await code.notifications.waitFor(/faces has scores of 96 faces/);
    await code.notifications.clear();
    await tree().find(/^faces, 96 faces/);
  });

  test("conditioning asks what shall stay, and can be stopped: then nothing is written", async () => {
    const menu = await tree().contextMenu(/^Smile, AUC/);
    await menu.choose("Condition Direction...");
    await code.quickInput.waitUntilOpen("Condition Smile");
    await tick("Age");
    await code.quickInput.pick(/^Projection/);
    await saveAs("smile-free.direction.json");
    const working = await code.notifications.waitFor(/Conditioning Smile: /);
    await working.cancel();
    await code.notifications.waitUntilGone(/Conditioning Smile/);
    expect(await there("smile-free.direction.json")).toBe(false);
  });

  test("a report comes back when the window is loaded anew, and is written as a page", async () => {
    await tree().open(/^Smile, AUC/);
    await code.webviews.withElement("main h1");
    await code.reload();
    const report = await code.webviews.withElement("main h1");
    expect(await report.locator("main h1").innerText()).toBe("smile");
    await code.tabs.pressAction("Export Report");
    await saveAs("report.html");
    await code.notifications.waitFor(/report\.html is saved/);
    await code.notifications.clear();
    const page = await readFile(code.path("report.html"), "utf8");
    expect(page).toContain("<h1>smile</h1>");
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });

  test("directions are combined, turned round and made orthogonal", async () => {
    await code.palette.run("RFM: Combine Directions...");
    await code.quickInput.waitUntilOpen("Combine Directions");
    await tick("Age", "Gender");
    await code.quickInput.waitUntilOpen(/1\/2[^]*sigma of Age/);
    await code.quickInput.submit("1");
    await code.quickInput.waitUntilOpen(/2\/2[^]*sigma of Gender/);
    await code.quickInput.submit("-0.5");
    await saveAs("mix.direction.json");
    await code.notifications.waitFor(/mix\.direction\.json is saved/);
    await code.notifications.clear();

    const menu = await tree().contextMenu(/^Mix, /);
    await menu.choose("Negate Direction...");
    await saveAs("not-mix.direction.json");
    await code.notifications.waitFor(/not-mix\.direction\.json is saved/);
    await code.notifications.clear();
    expect(await cosine("mix", "not-mix")).toBeCloseTo(-1, 5);
    await tree().find(/^Not mix, /);

    await code.palette.run("RFM: Orthogonalise Directions...");
    await code.quickInput.waitUntilOpen("Orthogonalise Directions");
    await tick("Age", "Smile");
    await code.quickInput.pick(/^In their order/);
    await takeWorkspace();
    await code.notifications.waitFor(/Directions saved: 2\./);
    await code.notifications.clear();
    expect(await cosine("age", "smile")).toBeCloseTo(0, 5);
  });

  test("a direction is discovered, named and saved", async () => {
    await code.palette.run("RFM: Discover Directions...");
    await code.quickInput.waitUntilOpen("Discover Directions");
    await code.quickInput.pick(/^SeFa/);
    await code.quickInput.waitUntilOpen("2/3");
    await code.quickInput.submit("0:4");
    await code.quickInput.waitUntilOpen("3/3");
    await code.quickInput.submit("2");
    const page = await code.webviews.withElement(".components li:nth-child(2) canvas");
    const second = page.locator(".components li").nth(1);
    expect(await second.locator("h2").innerText()).toMatch(/^Component 2, [\d.]+% of the variation$/);
    await second.getByRole("textbox").fill("head tilt");
    await second.getByRole("button").click();
    await saveAs("tilt.direction.json");
    await second.getByText("saved as tilt.direction.json").waitFor();
    expect((await direction("tilt")).attribute).toBe("head tilt");
    await tree().find(/^Head tilt, /);
    await code.screenshots.take(join(ROOT, "dist", "e2e", "discover.png"));
  });

  test("the Delete key asks about the selected direction", async () => {
    await tree().press(/^Mix, /, "Delete");
    expect(await code.dialogs.waitForText()).toContain("Move mix.direction.json to the trash?");
    await code.dialogs.press("Cancel");
    expect(await there("mix.direction.json")).toBe(true);
  });

  test("no webview broke its content security policy", () => {
    expect(code.console.policyViolations).toEqual([]);
  });
});
