import type { Locator, Page } from "playwright-core";
import { until } from "./until.js";

/** Modal questions, such as "Do you want to save the changes?". */
export class Dialogs {
  readonly #page: Page;
  readonly #box: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#box = page.locator(".monaco-dialog-box:visible");
  }

  /** Waits for a dialog and gives its text. */
  async waitForText(): Promise<string> {
    return this.#box.innerText();
  }

  /** Waits for a dialog, presses a button of it by its exact name, and waits until it is gone. */
  async press(button: string): Promise<void> {
    await this.#box.waitFor();
    await until(`the dialog's button "${button}" to answer`, async () => {
      if ((await this.#page.locator(".monaco-dialog-box:visible").count()) === 0) return true;
      await this.#box.getByRole("button", { name: button, exact: true }).click({ timeout: 2_000 });
      await this.#box.waitFor({ state: "hidden", timeout: 2_000 });
      return true;
    });
  }
}
