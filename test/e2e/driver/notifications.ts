import type { Locator, Page } from "playwright-core";
import type { CommandPalette } from "./commandPalette.js";
import { matches, type TextMatch } from "./textMatch.js";
import { until } from "./until.js";

/** One notification on the screen. */
export class Notification {
  readonly #toast: Locator;

  constructor(
    toast: Locator,
    /** Its message. */
    readonly text: string,
    /** `info`, `warning` or `error`; a progress is `info`. */
    readonly severity: "info" | "warning" | "error",
  ) {
    this.#toast = toast;
  }

  /** Presses one of its buttons. */
  async press(button: string): Promise<void> {
    await this.#toast.hover();
    await this.#toast.getByRole("button", { name: button, exact: true }).click();
  }

  /** Cancels the progress that it shows. */
  async cancel(): Promise<void> {
    await this.press("Cancel");
  }
}

/** The messages at the lower right. */
export class Notifications {
  readonly #page: Page;
  readonly #palette: CommandPalette;

  constructor(page: Page, palette: CommandPalette) {
    this.#page = page;
    this.#palette = palette;
  }

  /** Waits for a notification whose message matches. */
  async waitFor(text: TextMatch, patience?: number): Promise<Notification> {
    return until(
      `the notification "${text.toString()}"`,
      async () => (await this.shown()).find((notification) => matches(notification.text, text)),
      patience,
    );
  }

  /** Waits until no notification with that message is on the screen, as when a progress has ended. */
  async waitUntilGone(text: TextMatch, patience?: number): Promise<void> {
    await until(
      `the notification "${text.toString()}" to go`,
      async () => !(await this.shown()).some((notification) => matches(notification.text, text)),
      patience,
    );
  }

  /** What is on the screen now. */
  async shown(): Promise<Notification[]> {
    const toasts = this.#page.locator(".notifications-toasts .notification-toast");
    // All at one moment: one may go, and another take its place, while they are read.
    const seen = await toasts.evaluateAll((elements) =>
      elements.map((toast) => ({
        text: toast.querySelector<HTMLElement>(".notification-list-item-message")?.innerText ?? "",
        icon: toast.querySelector(".notification-list-item-icon")?.className ?? "",
      })),
    );
    return seen.map(({ text, icon }, index) => {
      const severity = /codicon-(error|warning)/.exec(icon)?.[1];
      const known = severity === "error" || severity === "warning" ? severity : "info";
      return new Notification(toasts.nth(index), text, known);
    });
  }

  /** Takes all away, so that none lies over what is clicked next. */
  async clear(): Promise<void> {
    await this.#palette.run("Notifications: Clear All Notifications");
    await this.#page
      .locator(".notifications-toasts .notification-toast")
      .first()
      .waitFor({ state: "hidden" });
  }
}
