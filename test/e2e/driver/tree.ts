import type { Locator, Page } from "playwright-core";
import { ContextMenu } from "./contextMenu.js";
import { matches, type TextMatch } from "./textMatch.js";
import { until } from "./until.js";

/** A tree that does not move for this long is at its end. */
const TURN_PATIENCE = 1_500;

/** A tree in the side bar. Its rows are known by what a screen reader says of them. */
export class Tree {
  readonly #page: Page;
  readonly #view: string;

  /** @param view - title of the view, whose container is in front */
  constructor(page: Page, view: string) {
    this.#page = page;
    this.#view = view;
  }

  /** What is said of the rows on the screen. */
  async labels(): Promise<string[]> {
    return this.#rows().evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-label") ?? ""));
  }

  /** Waits for a row, and brings it to the screen: rows outside are not there at all. */
  async find(label: TextMatch, patience?: number): Promise<Locator> {
    return until(
      `a row "${label.toString()}" in the view ${this.#view}`,
      async () => {
        for (const row of await this.#rows().all()) {
          if (!matches((await row.getAttribute("aria-label", { timeout: 1_000 })) ?? "", label)) continue;
          if (await this.#shows(row)) return row;
          await this.#reveal(row);
          return undefined;
        }
        // At the lower end it begins again from the top.
        if (!(await this.#turn("PageDown"))) await this.#turn("Home");
        return undefined;
      },
      patience,
    );
  }

  /** Waits until no row on the screen is like this. */
  async waitUntilGone(label: TextMatch): Promise<void> {
    await until(
      `no row "${label.toString()}" in the view ${this.#view}`,
      async () => !(await this.labels()).some((row) => matches(row, label)),
    );
  }

  /** Opens the menu of a row. */
  async contextMenu(label: TextMatch): Promise<ContextMenu> {
    return ContextMenu.open(this.#page, await this.find(label));
  }

  /** Presses a key while a row has the focus, and nothing else is selected. */
  async press(label: TextMatch, key: string): Promise<void> {
    await this.open(label);
    await this.#page.keyboard.press(key);
  }

  /** Clicks a row. */
  async open(label: TextMatch): Promise<void> {
    await (await this.find(label)).click();
  }

  /** Whether a row can be seen whole: rows at the edges may be cut off. */
  async #shows(row: Locator): Promise<boolean> {
    const [inner, outer] = [await row.boundingBox(), await this.#body().boundingBox()];
    if (inner === null || outer === null) return false;
    return inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height;
  }

  /** Brings a row that is cut off onto the screen as a whole, by moving the focus to it. */
  async #reveal(row: Locator): Promise<void> {
    await this.#body().locator(".monaco-list").first().focus();
    const focused = this.#body().locator(".monaco-list-row.focused");
    if ((await focused.count()) === 0) await this.#page.keyboard.press("Home");
    const index = async (of: Locator): Promise<number> =>
      Number(await of.getAttribute("data-index", { timeout: 1_000 }));
    const steps = (await index(row)) - (await index(focused));
    for (let step = 0; step < Math.abs(steps); step++) {
      await this.#page.keyboard.press(steps > 0 ? "ArrowDown" : "ArrowUp");
    }
  }

  /**
   * Moves by a key (a mouse over the rows brings up their hints), and waits for other rows or another row in focus, which
   * is all that the first key does; whether any came.
   */
  async #turn(key: "PageDown" | "Home"): Promise<boolean> {
    const before = await this.#seen();
    await this.#body().locator(".monaco-list").first().focus();
    await this.#page.keyboard.press(key);
    return until("other rows", async () => (await this.#seen()) !== before, TURN_PATIENCE).catch(() => false);
  }

  /** Which rows there are, where, and which of them has the focus. */
  async #seen(): Promise<string> {
    const rows = await this.#rows().evaluateAll((all) =>
      all.map((row) => [
        row.getAttribute("aria-label"),
        row.getBoundingClientRect().top,
        row.classList.contains("focused"),
      ]),
    );
    return JSON.stringify(rows);
  }

  #body(): Locator {
    return this.#page
      .locator(".part.sidebar .pane")
      .filter({ has: this.#page.locator(".pane-header .title", { hasText: this.#view }) })
      .last()
      .locator(".pane-body");
  }

  #rows(): Locator {
    return this.#body().locator(".monaco-list-row");
  }
}
