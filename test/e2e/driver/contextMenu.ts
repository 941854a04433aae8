import type { Locator, Page } from "playwright-core";
import { until } from "./until.js";

/** The menu that is open after a right click. */
export class ContextMenu {
  readonly #page: Page;
  readonly #menu: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#menu = page.locator(".monaco-menu:visible").last();
  }

  /** Opens the menu of an element. */
  static async open(page: Page, element: Locator): Promise<ContextMenu> {
    const menu = new ContextMenu(page);
    await menu.close();
    await until("the context menu to open", async () => {
      await element.click({ button: "right", timeout: 5_000 });
      await menu.#menu.waitFor({ timeout: 2_000 });
      return true;
    });
    return menu;
  }

  /** The items' names in order. */
  async items(): Promise<string[]> {
    return (await this.#menu.locator(".action-label[aria-label]").all()).reduce<Promise<string[]>>(
      async (names, label) => [...(await names), (await label.getAttribute("aria-label")) ?? ""],
      Promise.resolve([]),
    );
  }

  /** Chooses an item by its exact name; names of submenus may stand before it. */
  async choose(...path: string[]): Promise<void> {
    for (const name of path) {
      const item = this.#page
        .locator(".monaco-menu:visible .action-menu-item")
        .filter({ has: this.#page.locator(`.action-label[aria-label=${JSON.stringify(name)}]`) })
        .last();
      await item.waitFor();
      await item.hover();
      if (name !== path.at(-1)) continue;
      // A menu ignores the mouse in its first moments, so that the opening click chooses nothing.
      await until(`"${name}" to be chosen`, async () => {
        if ((await this.#page.locator(".monaco-menu:visible").count()) === 0) return true;
        await item.click({ timeout: 1_000 });
        await this.#menu.waitFor({ state: "hidden", timeout: 1_000 });
        return true;
      });
    }
  }

  /** Closes the menu, if one is open. */
  async close(): Promise<void> {
    await until("the menu to close", async () => {
      if ((await this.#page.locator(".monaco-menu:visible").count()) === 0) return true;
      await this.#page.keyboard.press("Escape");
      return false;
    });
  }
}
