import { until, type Workbench } from "../driver/index.js";

const IMPORT = "Import Model or Data...";

/** Selects files, opens the menu of the first and chooses to import them; the menu is opened anew until that is in it. */
export async function importFiles(code: Workbench, ...names: string[]): Promise<void> {
  await code.explorer.show();
  await code.explorer.select(...names);
  await until(`"${IMPORT}" in the menu of ${names.join(", ")}`, async () => {
    const menu = await code.explorer.contextMenu(names[0] ?? "");
    if ((await menu.items()).includes(IMPORT)) {
      await menu.choose(IMPORT);
      return true;
    }
    await menu.close();
    return false;
  });
}
