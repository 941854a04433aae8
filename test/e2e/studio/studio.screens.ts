import { dirname, join } from "node:path";
import { afterAll, beforeAll, inject, test } from "vitest";
import { THEMES, Workbench } from "../driver/index.js";
import { StudioPage } from "./page.js";

// The pictures of the documentation: `npm run screenshots` writes docs/images.
const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const NAMES = { dark: "studio-dark", light: "studio-light", highContrast: "studio-high-contrast" } as const;

let code: Workbench;

beforeAll(async () => {
  code = await Workbench.open({
    environment: inject("environment"),
    vsix: inject("vsix"),
    workspace: join(ROOT, "test", "fixtures", "photos"),
  });
});

afterAll(async () => {
  await code.close();
});

test("the Studio in every theme", async () => {
  const studio = new StudioPage(code);
  await studio.invert("astronaut.png");
  await code.tabs.waitUntilActive("astronaut.latent.json");
  await studio.unedited();
  await studio.drag("Smile", 0.5, 0.38);
  await studio.drag("Age", 0.5, 0.6);
  await studio.settled();
  await code.notifications.clear();
  for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
    await code.screenshots.wear(theme);
    await studio.settled();
    await code.screenshots.take(join(ROOT, "docs", "images", `${NAMES[theme]}.png`));
  }
});

test("the report of a direction", async () => {
  await code.sideBar.show("RFM");
  await code.tree("Directions").open(/^Smile, AUC/);
  const report = await code.webviews.withElement("main figure");
  await report.locator("main figure").first().waitFor();
  await code.notifications.clear();
  for (const theme of ["dark", "light"] as const) {
    await code.screenshots.wear(theme);
    await code.screenshots.take(join(ROOT, "docs", "images", `report-${theme}.png`));
  }
});
