import type { Frame } from "playwright-core";
import { until, type Workbench } from "../driver/index.js";

/** The Studio and the side panel, as a person sees and moves them. */
export class StudioPage {
  readonly #code: Workbench;

  constructor(code: Workbench) {
    this.#code = code;
  }

  /** Right-clicks a photo and chooses Invert Face; the menu is opened anew until the extension has added it. */
  async invert(photo: string): Promise<void> {
    await until(`"Invert Face" in the menu of ${photo}`, async () => {
      const menu = await this.#code.explorer.contextMenu(photo);
      if ((await menu.items()).includes("Invert Face")) {
        await menu.choose("Invert Face");
        return true;
      }
      await menu.close();
      return false;
    });
  }

  /** Waits until the Studio shows a face and gives its document. */
  async shown(): Promise<Frame> {
    return this.#code.webviews.withElement('canvas[data-pane="edit"]');
  }

  /** The pixels of a pane as the canvas holds them. */
  async pixels(pane: "photo" | "reconstruction" | "edit"): Promise<string> {
    const frame = await this.shown();
    return frame.locator(`canvas[data-pane="${pane}"]`).evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      return `${canvas.width}x${canvas.height} ${canvas.toDataURL()}`;
    });
  }

  /** Waits until the edit's pixels satisfy a condition, and gives them. */
  async editWhere(what: string, condition: (pixels: string) => boolean | Promise<boolean>): Promise<string> {
    return until(`an edit that ${what}`, async () => {
      const pixels = await this.pixels("edit");
      return (await condition(pixels)) ? pixels : undefined;
    });
  }

  /** Waits until the edit no longer changes: three looks in a row see the same. */
  async settled(): Promise<string> {
    let seen = ["a", "b"];
    return this.editWhere("has settled", (pixels) => {
      const same = seen.every((earlier) => earlier === pixels);
      seen = [...seen.slice(1), pixels];
      return same;
    });
  }

  /** Waits until the edit equals the reconstruction to the last byte. */
  async unedited(): Promise<string> {
    return this.editWhere(
      "equals the reconstruction",
      async (pixels) => pixels === (await this.pixels("reconstruction")),
    );
  }

  /** The side panel's document, its sliders shown. */
  async sliders(): Promise<Frame> {
    await this.#code.sideBar.show("RFM");
    return this.#code.webviews.withElement('input[type="range"]');
  }

  /** The amount that a slider shows. */
  async amount(name: string): Promise<number> {
    const frame = await this.sliders();
    return Number(await frame.locator(`input[type="range"][aria-label="${name}"]`).inputValue());
  }

  /** Waits until a slider shows an amount. */
  async amountIs(name: string, amount: number): Promise<void> {
    await until(`${name} at ${amount}`, async () => Math.abs((await this.amount(name)) - amount) < 1e-6);
  }

  /** Drags a slider with the mouse in small steps from where it stands to a share of its width. */
  async drag(name: string, from: number, to: number): Promise<void> {
    const frame = await this.sliders();
    const slider = frame.locator(`input[type="range"][aria-label="${name}"]`);
    await slider.scrollIntoViewIfNeeded();
    const box = await slider.boundingBox();
    if (box === null) throw new Error(`The slider ${name} is not on the screen.`);
    const y = box.y + box.height / 2;
    const { mouse } = this.#code.page;
    await mouse.move(box.x + box.width * from, y);
    await mouse.down();
    for (let step = 1; step <= 10; step++) {
      await mouse.move(box.x + box.width * (from + ((to - from) * step) / 10), y);
    }
    await mouse.up();
  }
}
