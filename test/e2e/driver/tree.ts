import type { Locator, Page } from "playwright-core";
import { ContextMenu } from "./contextMenu.js";
import { matches, type TextMatch } from "./textMatch.js";
import { until } from "./until.js";

/** A tree that does not move for this long is at its end. */
const SCROLL_PATIENCE = 1_500;

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
          if (matches((await row.getAttribute("aria-label")) ?? "", label)) return row;
        }
        // At the lower end it begins again from the top.
        if (!(await this.#scroll(100))) await this.#scroll(-10_000);
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

  /** Turns the mouse wheel, and waits for other rows to come; whether any did. */
  async #scroll(distance: number): Promise<boolean> {
    const before = (await this.labels()).join("\n");
    await this.#page.mouse.move(...(await this.#middle()));
    await this.#page.mouse.wheel(0, distance);
    return until(
      "other rows",
      async () => (await this.labels()).join("\n") !== before,
      SCROLL_PATIENCE,
    ).catch(() => false);
  }

  async #middle(): Promise<[number, number]> {
    const box = await this.#body().boundingBox();
    if (box === null) throw new Error(`The view ${this.#view} is not on the screen.`);
    return [box.x + box.width / 2, box.y + box.height / 2];
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
