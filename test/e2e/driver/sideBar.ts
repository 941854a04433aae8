import type { Locator, Page } from "playwright-core";
import { until } from "./until.js";

/** The side bar: one container of the activity bar at a time, with its views one above the other. */
export class SideBar {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Brings a container to the front by its title in the activity bar. */
  async show(container: string): Promise<void> {
    const button = this.#page
      .locator(".part.activitybar .action-item")
      .filter({ has: this.#page.locator(`.action-label[aria-label^=${JSON.stringify(container)}]`) });
    await until(`the side bar to show "${container}"`, async () => {
      // Another click on the container in front would close the side bar.
      if (await button.first().evaluate((item) => item.classList.contains("checked"))) return true;
      await button.first().click({ timeout: 5_000 });
      return false;
    });
  }

  /** Unfolds a view of the container in front. A view that stands alone in its container is always open. */
  async expand(view: string): Promise<void> {
    const header = this.#header(view);
    await until(`the view "${view}" to be open`, async () => {
      if ((await header.getAttribute("aria-expanded", { timeout: 2_000 })) === "true") return true;
      await header.click({ timeout: 2_000 });
      return false;
    });
  }

  /** Presses a button in a view's title bar; it shows only under the mouse. */
  async pressAction(view: string, title: string): Promise<void> {
    const header = this.#header(view);
    await header.hover();
    await header.locator(`.action-label[aria-label^=${JSON.stringify(title)}]`).click();
  }

  #header(view: string): Locator {
    return this.#page
      .locator(".part.sidebar .pane-header")
      .filter({ has: this.#page.locator(".title", { hasText: view }) })
      .first();
  }
}
