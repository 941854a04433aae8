import { cp, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { keepEvidence, until, Workbench } from "../driver/index.js";
import { StudioPage } from "./page.js";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const PHOTOS = join(ROOT, "test", "fixtures", "photos");
const LATENT = "astronaut.latent.json";
const OTHER = "other.latent.json";
const RECIPE = "older.recipe.json";

interface Edited {
  readonly edits: readonly { readonly direction: { readonly name: string }; readonly amount: number }[];
}

let code: Workbench;
let studio: StudioPage;

beforeAll(async () => {
  code = await Workbench.open({
    environment: inject("environment"),
    vsix: inject("vsix"),
    workspace: PHOTOS,
    settings: { "rfm.inversion.iterations": 10 },
  });
  studio = new StudioPage(code);
});

afterEach(async (context) => {
  await keepEvidence(code, context);
});

afterAll(async () => {
  await code.close();
});

async function editsIn(file: string): Promise<Record<string, number>> {
  const { edits } = JSON.parse(await readFile(code.path(file), "utf8")) as Edited;
  return Object.fromEntries(edits.map(({ direction, amount }) => [direction.name, amount]));
}

describe("a recipe", () => {
  let edits: Record<string, number>;

  test("keeps the edits of a face, without the face", async () => {
    await studio.invert("astronaut.png");
    await code.tabs.waitUntilActive(LATENT);
    await studio.unedited();
    await studio.drag("Smile", 0.5, 0.75);
    await studio.drag("Age", 0.5, 0.2);
    await code.tabs.waitUntilDirty(LATENT);
    await code.tabs.save(LATENT);

    await code.palette.run("RFM: Save Edits as Recipe...");
    await code.quickInput.waitUntilOpen("Save Edits as Recipe");
    await code.quickInput.saveAs(code.path("older"), /\/astronaut\.recipe\.json$/);
    await code.notifications.waitFor(/^older\.recipe\.json is saved\./);
    await code.notifications.clear();
    edits = await editsIn(RECIPE);
    expect(Object.keys(edits).sort()).toEqual(["age", "smile"]);
    expect(edits).toEqual(await editsIn(LATENT));
  });

  test("is made on another face from the explorer, as one step of undo", async () => {
    await cp(code.path("astronaut.png"), code.path("other.png"));
    await code.explorer.show();
    await studio.invert("other.png");
    await code.tabs.waitUntilActive(OTHER);
    const unedited = await studio.unedited();
    await studio.drag("Gender", 0.5, 0.7);
    const gendered = await studio.settled();

    await code.explorer.show();
    const menu = await code.explorer.contextMenu(OTHER);
    await menu.choose("Apply Recipe...");
    await code.quickInput.waitUntilOpen("Apply Recipe");
    await code.quickInput.pick(/^older/);
    await studio.amountIs("Smile", edits.smile ?? NaN);
    await studio.amountIs("Age", edits.age ?? NaN);
    await studio.amountIs("Gender", 0);
    await studio.editWhere("is the recipe's", (pixels) => pixels !== gendered && pixels !== unedited);
    await code.screenshots.take(join(ROOT, "dist", "e2e", "recipe.png"));

    await code.tabs.undo(OTHER);
    await studio.editWhere("is what it was", (pixels) => pixels === gendered);
    await studio.amountIs("Smile", 0);
  });

  test("is made on the active face from its own menu", async () => {
    await code.explorer.show();
    const menu = await code.explorer.contextMenu(RECIPE);
    await menu.choose("Apply Recipe...");
    await studio.amountIs("Smile", edits.smile ?? NaN);
    await studio.amountIs("Gender", 0);
    await code.tabs.save(OTHER);
    expect(await editsIn(OTHER)).toEqual(edits);
  });

  test("that is no recipe is refused with a sentence that names it", async () => {
    const before = await editsIn(OTHER);
    await writeFile(code.path("broken.recipe.json"), "{");
    await code.explorer.show();
    await until("the menu of a recipe for the active Studio", async () => {
      const menu = await code.explorer.contextMenu("broken.recipe.json");
      if (!(await menu.items()).includes("Apply Recipe...")) {
        await menu.close();
        return false;
      }
      await menu.choose("Apply Recipe...");
      return true;
    });
    const refusal = await code.notifications.waitFor(/broken\.recipe\.json/);
    expect(refusal.severity).toBe("error");
    expect(refusal.text).not.toMatch(/\bat .*:\d+/);
    await code.notifications.clear();
    expect(await code.tabs.isDirty(OTHER)).toBe(false);
    expect(await editsIn(OTHER)).toEqual(before);
    expect(code.console.policyViolations).toEqual([]);
  });
});
