import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { keepEvidence, until, Workbench } from "../driver/index.js";
import { importFiles } from "./importing.js";
import { StudioPage } from "./page.js";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const FIXTURES = join(ROOT, "test", "fixtures");
const PICTURES = join(ROOT, "dist", "e2e");
/** A StyleGAN1 of 64 pixels with random weights: it comes without an encoder. */
const PARTS = ["Gs_dict.pth", "Gm_dict.pth", "center_tensor.pt"];
const NAME = "tiny-faces";
const LATENT = "astronaut.latent.json";
/** An encoder from the fewest faces on offer takes a minute, and more where others work on the machine, too. */
const FITTING = 480_000;

let folder: string;
let code: Workbench;
let studio: StudioPage;

afterEach(async (context) => {
  await keepEvidence(code, context);
});

/** What the Studio's details say under a label. */
async function detail(label: string): Promise<string> {
  const page = await studio.shown();
  return page.locator(`.details dt:text-is("${label}") + dd`).innerText();
}

describe("RFM's own method", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rfm-method-"));
    for (const part of PARTS) await cp(join(FIXTURES, "stylegan1", `64.rfm.${part}`), join(folder, part));
    await cp(join(FIXTURES, "lpips", "whole.pt"), join(folder, "whole.pt"));
    await cp(join(FIXTURES, "photos", "astronaut.png"), join(folder, "astronaut.png"));
    code = await Workbench.open({
      environment: inject("environment"),
      vsix: inject("vsix"),
      workspace: folder,
      // More steps than anybody waits for: the work is stopped once it was seen.
      settings: { "rfm.inversion.method": "rfm", "rfm.inversion.iterations": 3000 },
    });
    studio = new StudioPage(code);
  });
  afterAll(async () => {
    await code.close();
    await rm(folder, { recursive: true, force: true });
  });

  test(
    "a model that comes without an encoder is offered one, which is fitted to it",
    async () => {
      await importFiles(code, ...PARTS);
      await code.dialogs.press("Import");
      await code.quickInput.waitUntilOpen("Name of the Model");
      await code.quickInput.submit(NAME);
      const told = await code.notifications.waitFor(new RegExp(`^${NAME} was imported: .*It has no encoder`));
      await told.press("Fit Encoder");
      await code.quickInput.waitUntilOpen(`Fit an Encoder to ${NAME}`);
      expect((await code.quickInput.labels())[0]).toMatch(/^6000 faces, usual/);
      await code.quickInput.pick(/^2000 faces/);
      await code.notifications.waitFor(new RegExp(`^Fitting an encoder to ${NAME}`));
      await code.notifications.waitFor(
        new RegExp(`^${NAME} has an encoder now\\. On 200 held-out faces its code is off by \\d+%`),
        FITTING,
      );
      await code.notifications.clear();
      await code.sideBar.show("RFM");
      await code.sideBar.expand("Models");
      const menu = await code.tree("Models").contextMenu(new RegExp(`^${NAME}, `));
      const items = await menu.items();
      expect(items).toContain("Set Active");
      expect(items).not.toContain("Fit Encoder...");
      await menu.close();
      // Nothing else lacks one.
      await code.palette.run("RFM: Fit Encoder...");
      await code.notifications.waitFor(/^No model lacks an encoder/);
    },
    2 * FITTING,
  );

  test("a pack of LPIPS is imported, and is no model for faces", async () => {
    await code.notifications.clear();
    await importFiles(code, "whole.pt");
    await code.dialogs.press("Import");
    await code.quickInput.waitUntilOpen("Name of the Model");
    await code.quickInput.submit("lpips");
    await code.notifications.waitFor(/^lpips was imported/);
    await code.notifications.clear();
    await code.sideBar.show("RFM");
    const menu = await code.tree("Models").contextMenu(/^lpips, /);
    expect(await menu.items()).not.toContain("Set Active");
    await menu.close();
  });

  test("draws the course of every part of its loss while it goes on, and keeps its best where it is stopped", async () => {
    await studio.invert("astronaut.png");
    const working = await code.notifications.waitFor(/^Inverting astronaut\.png/);
    const page = await code.webviews.withElement('.course svg[role="img"]', 120_000);
    const chart = page.locator('.course svg[role="img"]');
    const label = async (): Promise<string> => (await chart.getAttribute("aria-label")) ?? "";
    for (const part of ["MSE", "KL", "cosine", "LPIPS", "AT1", "AT2"]) expect(await label()).toContain(part);
    const first = await label();
    await until("the chart to grow", async () => (await label()) !== first);
    await code.screenshots.take(join(PICTURES, "live-course.png"));
    await working.cancel();

    await code.tabs.waitUntilActive(LATENT);
    await studio.unedited();
    expect(await detail("Method")).toBe("RFM's own");
    expect(Number(await detail("LPIPS"))).toBeGreaterThanOrEqual(0);
    expect(Number(await detail("Optimisation steps"))).toBeLessThan(3000);
    const document = JSON.parse(await readFile(code.path(LATENT), "utf8")) as {
      readonly inversion: { readonly losses: Readonly<Record<string, number>> };
    };
    expect(document.inversion.losses).toHaveProperty("perceptual");
    await code.screenshots.take(join(PICTURES, "method.png"));
    expect(code.console.policyViolations).toEqual([]);
  });
});
