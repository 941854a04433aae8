import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Page } from "playwright-core";
import { until } from "./until.js";
import type { UserSettings } from "./userSettings.js";

/** Size of the window, and so of every screenshot. */
export const WINDOW = { width: 1440, height: 900 };

/** The looks to check a view in: VS Code's own dark, light and high contrast. */
export const THEMES = {
  dark: { name: "Dark Modern", mark: "vs-dark" },
  light: { name: "Light Modern", mark: "vs" },
  highContrast: { name: "Default High Contrast", mark: "hc-black" },
} as const;

/** Photographs the whole window, and gives it the looks. */
export class Screenshots {
  readonly #page: Page;
  readonly #settings: UserSettings;

  constructor(page: Page, settings: UserSettings) {
    this.#page = page;
    this.#settings = settings;
  }

  /** Switches the theme by the setting, and waits until workbench and webviews wear it. */
  async wear(theme: keyof typeof THEMES): Promise<void> {
    const { name, mark } = THEMES[theme];
    await this.#settings.change({ "workbench.colorTheme": name });
    await until(`the theme "${name}"`, async () => {
      const classes = await this.#page.locator(".monaco-workbench").getAttribute("class");
      return (classes ?? "").split(/\s+/).includes(mark);
    });
    await this.#settle();
  }

  /** Writes a PNG of the window, 1440 x 900. */
  async take(path: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await this.#settle();
    await this.#page.screenshot({ path, animations: "disabled", caret: "hide", scale: "css" });
  }

  /** Two frames painted: what the last change asked for is on the screen. */
  async #settle(): Promise<void> {
    await this.#page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          requestAnimationFrame(() => {
            requestAnimationFrame(() => {
              resolve();
            });
          });
        }),
    );
  }
}
