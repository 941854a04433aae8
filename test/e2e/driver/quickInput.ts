import type { Locator, Page } from "playwright-core";
import { matches, type TextMatch } from "./textMatch.js";
import { PATIENCE, until } from "./until.js";

/** The box at the top of the window: the palette, picks, text input, and the file dialog of a remote editor. */
export class QuickInput {
  readonly #page: Page;
  readonly #widget: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#widget = page.locator(".quick-input-widget:visible");
  }

  /** Waits until a box is open; with `title`, until it is that one. */
  async waitUntilOpen(title?: TextMatch, patience?: number): Promise<void> {
    const what = `the quick input ${title === undefined ? "" : `"${title.toString()}" `}to open`;
    const isOpen = async (): Promise<boolean> => {
      if ((await this.#widget.count()) === 0) return false;
      return title === undefined || matches(await this.#widget.innerText(), title);
    };
    await until(what, isOpen, patience);
  }

  /** Waits until no box is open. */
  async waitUntilClosed(): Promise<void> {
    await this.#widget.waitFor({ state: "hidden" });
  }

  /** The labels on offer, as a screen reader would say them. */
  async labels(): Promise<string[]> {
    await this.waitUntilOpen();
    const rows = await this.#rows().all();
    return Promise.all(
      rows.map(async (row) => (await row.getAttribute("aria-label", { timeout: 1_000 })) ?? ""),
    );
  }

  /** The text in the box. */
  async value(): Promise<string> {
    return this.#input().inputValue();
  }

  /** The complaint under the box, or "" where there is none. */
  async message(): Promise<string> {
    const message = this.#widget.locator(".quick-input-message:visible");
    return (await message.count()) === 0 ? "" : message.innerText();
  }

  /** Replaces the text in the box. */
  async type(text: string, patience = PATIENCE): Promise<void> {
    await this.waitUntilOpen(undefined, patience);
    await this.#input().fill(text, { timeout: patience });
  }

  /** Types a text and confirms it: for input boxes and the file dialog. */
  async submit(text: string): Promise<void> {
    await this.type(text);
    await this.#input().press("Enter");
  }

  /**
   * Answers the dialog of a remote editor that asks where to save. It shows the folder first, and listens only once it
   * proposes a name.
   */
  async saveAs(path: string, proposal: RegExp): Promise<void> {
    await until(`the dialog to propose ${proposal.source}`, async () => proposal.test(await this.value()));
    await this.submit(path);
  }

  /** Chooses the first row whose label matches; in a list with check boxes this ticks it. */
  async pick(label: TextMatch): Promise<void> {
    await this.waitUntilOpen();
    await until(`"${label.toString()}" among the picks`, async () => {
      // A mouse that rests on a row brings up its hint, which covers the rows below.
      await this.#page.mouse.move(0, 0);
      for (const row of await this.#rows().all()) {
        if (!matches((await row.getAttribute("aria-label", { timeout: 1_000 })) ?? "", label)) continue;
        await row.click({ timeout: 2_000 });
        return true;
      }
      return false;
    });
  }

  /** Ticks all rows of a list with check boxes, or none. */
  async tickAll(ticked: boolean): Promise<void> {
    await this.waitUntilOpen();
    const box = this.#widget.locator('.quick-input-header > [role="checkbox"]').first();
    await until(`all rows to be ${ticked ? "ticked" : "free"}`, async () => {
      if ((await box.getAttribute("aria-checked", { timeout: 2_000 })) === String(ticked)) return true;
      await box.click({ timeout: 2_000 });
      return false;
    });
  }

  /** Confirms a list with check boxes. */
  async confirm(): Promise<void> {
    await this.#input().press("Enter");
  }

  /** Closes the box without an answer. */
  async cancel(): Promise<void> {
    await until("the quick input to close", async () => {
      if ((await this.#widget.count()) === 0) return true;
      await this.#page.keyboard.press("Escape");
      return false;
    });
  }

  #input(): Locator {
    return this.#widget.locator(".quick-input-box input, .quick-input-box textarea").first();
  }

  #rows(): Locator {
    return this.#widget.locator(".quick-input-list .monaco-list-row");
  }
}
