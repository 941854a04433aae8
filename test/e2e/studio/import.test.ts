import { access, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { writeNpy } from "../../../src/engine/checkpoints/index.js";
import { keepEvidence, until, Workbench } from "../driver/index.js";
import { importFiles } from "./importing.js";
import { StudioPage } from "./page.js";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
/** A StyleGAN1 of 64 pixels with random weights, in the three files that RFM publishes its models in. */
const PARTS = ["Gs_dict.pth", "Gm_dict.pth", "center_tensor.pt"];
const LAYERS = 10;
const WIDTH = 12;
const NAME = "tiny-faces";
const PICTURES = join(ROOT, "dist", "e2e");

let folder: string;
let code: Workbench;
let studio: StudioPage;

afterEach(async (context) => {
  await keepEvidence(code, context);
});

/** Numbers that look random and are the same in every run. */
function waves(count: number, pace: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(pace * (index + 1)));
}

/** The model that the status bar names. */
async function activeModel(name: string): Promise<void> {
  const item = code.page.locator('.statusbar-item[id$="rfm.model"]');
  await until(`the status bar to name ${name}`, async () => (await item.innerText()).includes(name));
}

describe("models, latents and directions of others", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rfm-import-"));
    for (const part of PARTS) {
      await cp(join(ROOT, "test", "fixtures", "stylegan1", `64.rfm.${part}`), join(folder, part));
    }
    await writeFile(join(folder, "face.npy"), writeNpy(waves(LAYERS * WIDTH, 1.7), [1, LAYERS, WIDTH]));
    const rows = new Float32Array(LAYERS * WIDTH);
    rows.set(waves(3 * WIDTH, 2.3), 5 * WIDTH);
    await writeFile(join(folder, "age.npy"), writeNpy(rows, [1, LAYERS * WIDTH]));
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

  test("what files are and their licences are shown first; nothing is imported without consent", async () => {
    await importFiles(code, ...PARTS);
    const text = await code.dialogs.waitForText();
    expect(text).toContain("Import 3 files as one model?");
    expect(text).toMatch(/Gs_dict\.pth \(32\.4 kB\): A StyleGAN1 generator/);
    expect(text).toMatch(/Licence: .*has no licence file.*non-commercial/);
    await code.screenshots.take(join(PICTURES, "import-licence.png"));
    await code.dialogs.press("Cancel");
    expect(await code.notifications.shown()).toEqual([]);
  });

  test("a model is imported under a name and used", async () => {
    await importFiles(code, ...PARTS);
    await code.dialogs.press("Import");
    await code.quickInput.waitUntilOpen("Name of the Model");
    await code.quickInput.type("demo");
    await until("the taken name to be refused", async () =>
      /demo already/.test(await code.quickInput.message()),
    );
    await code.quickInput.submit(NAME);
    const told = await code.notifications.waitFor(new RegExp(`^${NAME} was imported: stylegan1, 64 pixels`));
    expect(told.text).toContain("It has no encoder");
    await told.press("Use This Model Now");
    await activeModel(NAME);
  });

  test("the tree shows it as the active one, beside the built-in one", async () => {
    await code.notifications.clear();
    await code.sideBar.show("RFM");
    await code.sideBar.expand("Models");
    const tree = code.tree("Models");
    await tree.find(new RegExp(`^${NAME}, active · stylegan1 · 64 pixels · \\d+\\.\\d kB · [0-9a-f]{8}$`));
    await tree.find(/^demo, stylegan2 · 64 pixels · /);
    const menu = await tree.contextMenu(new RegExp(`^${NAME}, `));
    expect(await menu.items()).toEqual(
      expect.arrayContaining(["Show Licence", "Copy Hash", "Verify", "Reveal Folder", "Move to Trash"]),
    );
    await menu.choose("Verify");
    await code.notifications.waitFor(`${NAME} is whole`);
    const own = await tree.contextMenu(/^demo, /);
    const items = await own.items();
    expect(items).toContain("Set Active");
    expect(items).not.toContain("Move to Trash");
    await own.close();
  });

  test("an imported latent opens in the Studio, drawn by the imported model", async () => {
    await code.notifications.clear();
    await importFiles(code, "face.npy");
    expect(await code.dialogs.waitForText()).toContain("Import face.npy?");
    await code.dialogs.press("Import");
    const told = await code.notifications.waitFor("face.latent.json was imported.");
    await told.press("Open in Studio");
    await code.tabs.waitUntilActive("face.latent.json");
    expect(await studio.unedited()).toMatch(/^64x64 /);
    const document = JSON.parse(await readFile(code.path("face.latent.json"), "utf8")) as {
      readonly model: { readonly name: string };
    };
    expect(document.model.name).toBe(NAME);
  });

  test("an imported direction tells of its zero rows and changes the picture under its slider", async () => {
    await code.notifications.clear();
    await importFiles(code, "age.npy");
    await code.dialogs.press("Import");
    await until("a warning of zero rows", async () =>
      (await code.notifications.shown()).some(
        ({ severity, text }) =>
          severity === "warning" &&
          /^age\.direction\.json was imported\. .*zero on the layers 0:4.*5:8/.test(text),
      ),
    );
    await code.notifications.clear();
    const before = await studio.pixels("reconstruction");
    await studio.drag("Age", 0.5, 0.95);
    await studio.editWhere("differs", (pixels) => pixels !== before);
    await studio.settled();

    // On RFM's default layers it would do nothing: the slider says so and leads back.
    const sliders = await studio.sliders();
    const age = sliders.locator('.row[data-name="Age"]');
    await age.locator("details.layers summary").click();
    await age.locator('input[aria-label="Age, first layer"]').fill("0");
    await age.locator('input[aria-label="Age, first layer"]').press("Enter");
    // What comes back from the host rewrites both fields.
    await age.getByText("layers 0–8", { exact: true }).waitFor();
    await age.locator('input[aria-label="Age, layer to stop before"]').fill("4");
    await age.locator('input[aria-label="Age, layer to stop before"]').press("Enter");
    await age.getByText("Zero on the layers 0–4: it changes nothing there.").waitFor();
    await studio.editWhere("is the face again", (pixels) => pixels === before);
    await code.screenshots.take(join(PICTURES, "import.png"));
    await age.getByRole("button", { name: "Use the layers 5–8: Age" }).click();
    await studio.editWhere("differs again", (pixels) => pixels !== before);
    await age.locator(".silence").waitFor({ state: "hidden" });
  });

  test("moved to the trash it is gone, and the built-in one takes over", async () => {
    await code.sideBar.show("RFM");
    const menu = await code.tree("Models").contextMenu(new RegExp(`^${NAME}, `));
    await menu.choose("Move to Trash");
    await code.dialogs.press("Move to Trash");
    // The server that tests run on has no trash, and says so.
    await code.dialogs.press("Delete Permanently");
    await code.notifications.waitFor(
      new RegExp(`^${NAME} is gone; faces are inverted with the model that comes`),
    );
    await code.tree("Models").waitUntilGone(new RegExp(`^${NAME}, `));
    await code.tree("Models").find(/^demo, active · /);
    await activeModel("demo");
    // The files that it was made of stay.
    for (const part of PARTS) await access(code.path(part));
  });

  test("no webview broke its content security policy", () => {
    expect(code.console.policyViolations).toEqual([]);
  });
});
