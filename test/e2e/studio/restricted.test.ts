import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { keepEvidence, Workbench } from "../driver/index.js";
import { StudioPage } from "./page.js";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const LATENT = "astronaut.latent.json";

let workspace: string;
let code: Workbench;
let studio: StudioPage;

beforeAll(async () => {
  // A workspace that would have its own model used, were it trusted.
  workspace = await mkdtemp(join(tmpdir(), "rfm-restricted-"));
  await cp(join(ROOT, "test", "fixtures", "photos"), workspace, { recursive: true });
  await cp(join(ROOT, "dist", "models", "demo"), join(workspace, "pack"), { recursive: true });
  await writeFile(join(workspace, "pack", "synthesis.onnx"), "not a model");
  await mkdir(join(workspace, ".vscode"));
  await writeFile(join(workspace, ".vscode", "settings.json"), JSON.stringify({ "rfm.model": "pack" }));
  code = await Workbench.open({
    environment: inject("environment"),
    vsix: inject("vsix"),
    workspace,
    trusted: false,
  });
  studio = new StudioPage(code);
});

afterAll(async () => {
  await code.close();
  await rm(workspace, { recursive: true, force: true });
});

afterEach(async (context) => {
  await keepEvidence(code, context);
});

describe("Restricted Mode", () => {
  test("photos are inverted with the extension's own model; the workspace's is not loaded", async () => {
    await code.trust.waitUntilRestricted();
    await studio.invert("astronaut.png");
    await code.tabs.waitUntilActive(LATENT);
    expect(await studio.unedited()).toMatch(/^64x64 /);
  });
});
