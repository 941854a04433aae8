import type { Locator, Page } from "playwright-core";
import type { CommandPalette } from "./commandPalette.js";
import type { QuickInput } from "./quickInput.js";
import { until } from "./until.js";

/** The open editors, by the name on their tab: a file's name, or a title. */
export class EditorTabs {
  readonly #page: Page;
  readonly #palette: CommandPalette;
  readonly #quickInput: QuickInput;

  constructor(page: Page, palette: CommandPalette, quickInput: QuickInput) {
    this.#page = page;
    this.#palette = palette;
    this.#quickInput = quickInput;
  }

  /** The names from left to right. */
  async names(): Promise<string[]> {
    return this.#page
      .locator(".tabs-container .tab")
      .evaluateAll((tabs) => tabs.map((tab) => tab.getAttribute("data-resource-name") ?? ""));
  }

  /** Waits until a tab is there and in front. */
  async waitUntilActive(name: string, patience?: number): Promise<void> {
    await until(`the tab "${name}" in front`, async () => this.#hasClass(name, "active"), patience);
  }

  /** Waits until a tab has unsaved changes, or has none. */
  async waitUntilDirty(name: string, dirty = true): Promise<void> {
    const state = dirty ? "unsaved changes" : "no unsaved changes";
    await until(`"${name}" to have ${state}`, async () => (await this.isDirty(name)) === dirty);
  }

  /** Waits until there is no such tab. */
  async waitUntilClosed(name: string): Promise<void> {
    await this.#tab(name).first().waitFor({ state: "detached" });
  }

  /** Whether a tab has unsaved changes. */
  async isDirty(name: string): Promise<boolean> {
    return this.#hasClass(name, "dirty");
  }

  /** Brings a tab to the front and gives it the keyboard, as keys for it need. */
  async focus(name: string): Promise<void> {
    await this.#tab(name).first().click();
    await this.waitUntilActive(name);
  }

  /** Undoes in a tab, with the key. */
  async undo(name: string): Promise<void> {
    await this.focus(name);
    await this.#page.keyboard.press("Control+Z");
  }

  /** Redoes in a tab, with the key. */
  async redo(name: string): Promise<void> {
    await this.focus(name);
    await this.#page.keyboard.press("Control+Y");
  }

  /** Saves a tab, and waits until that is done. */
  async save(name: string): Promise<void> {
    await this.focus(name);
    await this.#page.keyboard.press("Control+S");
    await this.waitUntilDirty(name, false);
  }

  /** Throws a tab's unsaved changes away, and waits until that is done. */
  async revert(name: string): Promise<void> {
    await this.focus(name);
    await this.#palette.run("File: Revert File");
    await this.waitUntilDirty(name, false);
  }

  /** Presses a tab's close button; with unsaved changes a dialog follows, which is the caller's to answer. */
  async close(name: string): Promise<void> {
    const tab = this.#tab(name).first();
    await tab.hover();
    await tab.locator(".tab-actions .action-label").first().click();
  }

  /** Opens the tab's file in another editor: "Text Editor", or a custom editor's name. */
  async reopenWith(name: string, editor: string): Promise<void> {
    await this.focus(name);
    await this.#palette.run("View: Reopen Editor With...");
    await this.#quickInput.pick(editor);
  }

  /** Presses a button in the title bar of the editor in front. */
  async pressAction(title: string): Promise<void> {
    await this.#page
      .locator(".editor-group-container.active .editor-actions .action-label:visible")
      .and(this.#page.locator(`[aria-label^=${JSON.stringify(title)}]`))
      .click();
  }

  async #hasClass(name: string, wanted: string): Promise<boolean> {
    const classes = await this.#tab(name).first().getAttribute("class", { timeout: 2_000 });
    return (classes ?? "").split(/\s+/).includes(wanted);
  }

  #tab(name: string): Locator {
    return this.#page.locator(`.tabs-container .tab[data-resource-name=${JSON.stringify(name)}]`);
  }
}
