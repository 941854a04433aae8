import type { Page } from "playwright-core";

/**
 * Errors in the browser's console, of the workbench and of every webview: a script that failed, a resource
 * which the content security policy refused.
 */
export class BrowserConsole {
  readonly #errors: string[] = [];

  constructor(page: Page) {
    page.on("console", (message) => {
      if (message.type() === "error") this.#errors.push(message.text());
    });
    page.on("pageerror", (error) => {
      this.#errors.push(error.message);
    });
  }

  /** All errors so far. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  /** The errors that concern the content security policy. */
  get policyViolations(): readonly string[] {
    return this.#errors.filter((text) => /Content Security Policy/i.test(text));
  }
}
