import type { LayerRange, SliderRow } from "../../protocol/webview";
import { element, redraw, setAttributes } from "../dom";
import { button } from "../toolkit";

/** What is said under a slider whose direction is zero on its layers, with the way to others. */
export class Silence {
  readonly root = element("div", { class: "silence", role: "status", hidden: true });
  readonly #choose: (layers: LayerRange) => void;
  #shown = "";

  constructor(choose: (layers: LayerRange) => void) {
    this.#choose = choose;
  }

  update({ silent, name }: SliderRow): void {
    const shown = JSON.stringify(silent ?? null);
    if (shown === this.#shown) return;
    this.#shown = shown;
    setAttributes(this.root, { hidden: silent === undefined });
    if (silent === undefined) {
      redraw(this.root);
      return;
    }
    const { message, action, layers } = silent;
    const way = button(action, {
      title: `${action}: ${name}`,
      onPress: () => {
        this.#choose(layers);
      },
    });
    redraw(this.root, element("p", {}, message), way);
  }
}
