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
    const target = this.#box.getByRole("button", { name: button, exact: true });
    let isPressed = false;
    await until(`the dialog's button "${button}" to answer`, async () => {
      if ((await this.#page.locator(".monaco-dialog-box:visible").count()) === 0) return true;
      // Another dialog may follow at once, without such a button.
      if (isPressed && (await target.count()) === 0) return true;
      await target.click({ timeout: 2_000 });
      isPressed = true;
      await this.#box.waitFor({ state: "hidden", timeout: 2_000 });
      return true;
    });
  }
}
