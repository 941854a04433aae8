import type { Locator, Page } from "playwright-core";
import type { CommandPalette } from "./commandPalette.js";
import { matches, type TextMatch } from "./textMatch.js";
import { until } from "./until.js";

/** A message may go while it is read: whoever looks, looks again. */
const BRIEF = { timeout: 1_000 };

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
    const toasts = await this.#page.locator(".notifications-toasts .notification-toast").all();
    return Promise.all(
      toasts.map(async (toast) => {
        const message = toast.locator(".notification-list-item-message");
        const icon = (await toast.locator(".notification-list-item-icon").getAttribute("class", BRIEF)) ?? "";
        const severity = /codicon-(error|warning)/.exec(icon)?.[1];
        return new Notification(
          toast,
          await message.innerText(BRIEF),
          severity === "error" || severity === "warning" ? severity : "info",
        );
      }),
    );
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
