import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Page } from "playwright-core";
import type { CommandPalette } from "./commandPalette.js";
import type { QuickInput } from "./quickInput.js";
import { until } from "./until.js";

/** Size of the window, and so of every screenshot. */
export const WINDOW = { width: 1440, height: 900 };

/**
 * The looks to check a view in: VS Code's own dark, light and high contrast. Each with its label among the
 * themes, and the class that the workbench wears once the theme's file is loaded.
 */
export const THEMES = {
  dark: { label: "Dark Modern", mark: "dark_modern" },
  light: { label: "Light Modern", mark: "light_modern" },
  highContrast: { label: "Dark High Contrast", mark: "hc_black" },
} as const;

/** Photographs the whole window, and gives it the looks. */
export class Screenshots {
  readonly #page: Page;
  readonly #palette: CommandPalette;
  readonly #quickInput: QuickInput;

  constructor(page: Page, palette: CommandPalette, quickInput: QuickInput) {
    this.#page = page;
    this.#palette = palette;
    this.#quickInput = quickInput;
  }

  /**
   * Switches the theme and waits until workbench and webviews wear it. By the picker, and not in
   * settings.json: in a browser VS Code reads that file only when the window loads.
   */
  async wear(theme: keyof typeof THEMES): Promise<void> {
    const { label, mark } = THEMES[theme];
    await this.#palette.run("Preferences: Color Theme");
    await this.#quickInput.type(label);
    await this.#quickInput.pick(new RegExp(`^${label}(,|$)`));
    await this.#quickInput.waitUntilClosed();
    await until(`the theme "${label}"`, async () => {
      const classes = await this.#page.locator(".monaco-workbench").getAttribute("class");
      return classes?.includes(`${mark}-json`);
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
