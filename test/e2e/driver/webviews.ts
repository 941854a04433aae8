import type { Frame, Page } from "playwright-core";
import { until } from "./until.js";

/**
 * The documents that extensions show. A webview is two frames: `iframe.webview` of the workbench, and in
 * it `#active-frame` with the extension's document. That inner frame is replaced whenever the extension
 * sets the html anew, so ask again instead of keeping it over such a change.
 */
export class Webviews {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Waits for a visible webview for whose document `predicate` holds. */
  async find(
    what: string,
    predicate: (frame: Frame) => boolean | Promise<boolean>,
    patience?: number,
  ): Promise<Frame> {
    return until(
      `the webview with ${what}`,
      async () => {
        for (const frame of await this.visible()) {
          // A frame may go while it is looked at; then it is not the one.
          if (await Promise.resolve(predicate(frame)).catch(() => false)) return frame;
        }
        return undefined;
      },
      patience,
    );
  }

  /** Waits for the webview that shows an element for a CSS selector. */
  async withElement(selector: string, patience?: number): Promise<Frame> {
    return this.find(
      `an element ${selector}`,
      async (frame) => frame.locator(selector).first().isVisible(),
      patience,
    );
  }

  /** The documents of all webviews on the screen. */
  async visible(): Promise<Frame[]> {
    const found: Frame[] = [];
    for (const frame of this.#page.frames()) {
      const outer = frame.parentFrame();
      if (!outer || outer === this.#page.mainFrame()) continue;
      try {
        const inner = await frame.frameElement();
        if ((await inner.getAttribute("id")) !== "active-frame") continue;
        // The workbench keeps hidden webviews alive and only hides the outer frame.
        if (await (await outer.frameElement()).isVisible()) found.push(frame);
      } catch {
        // Gone in the meantime.
      }
    }
    return found;
  }
}
