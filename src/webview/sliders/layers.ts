import type { LayerRange, SlidersStrings } from "../../protocol/webview";
import { element } from "../dom";

/** The half-open range of layers, folded away behind its own summary. */
export class LayerFields {
  readonly root: HTMLElement;
  readonly #summary = element("summary");
  readonly #start: HTMLInputElement;
  readonly #end: HTMLInputElement;
  readonly #strings: SlidersStrings;
  #shown: LayerRange = [0, 1];

  constructor(
    name: string,
    layerCount: number,
    strings: SlidersStrings,
    onChange: (layers: LayerRange) => void,
  ) {
    this.#strings = strings;
    this.#start = field(`${name}, ${strings.firstLayer}`, 0, layerCount - 1);
    this.#end = field(`${name}, ${strings.endLayer}`, 1, layerCount);
    const read = (): void => {
      const start = this.#start.valueAsNumber;
      const end = this.#end.valueAsNumber;
      const valid =
        Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= layerCount;
      if (valid) onChange([start, end]);
      else this.update(this.#shown);
    };
    this.#start.addEventListener("change", read);
    this.#end.addEventListener("change", read);
    this.root = element(
      "details",
      { class: "layers" },
      this.#summary,
      element("span", { class: "range" }, this.#start, "–", this.#end),
    );
  }

  update(layers: LayerRange): void {
    this.#shown = layers;
    this.#summary.textContent = `${this.#strings.layers} ${layers[0]}–${layers[1]}`;
    this.#start.value = String(layers[0]);
    this.#end.value = String(layers[1]);
  }
}

function field(label: string, min: number, max: number): HTMLInputElement {
  return element("input", { type: "number", step: 1, min, max, "aria-label": label, title: label });
}
