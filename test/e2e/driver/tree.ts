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
          if (
            matches((await row.getAttribute("aria-label", { timeout: 1_000 })) ?? "", label) &&
            (await this.#shows(row))
          )
            return row;
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

  /** Moves by a key (a mouse over the rows brings up their hints), and waits for other rows; whether any came. */
  async #turn(key: "PageDown" | "Home"): Promise<boolean> {
    const before = await this.#seen();
    await this.#body().locator(".monaco-list").first().focus();
    await this.#page.keyboard.press(key);
    return until("other rows", async () => (await this.#seen()) !== before, TURN_PATIENCE).catch(() => false);
  }

  /** Which rows there are, and where. */
  async #seen(): Promise<string> {
    const tops = await this.#rows().evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top));
    return [...(await this.labels()), ...tops].join("\n");
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
