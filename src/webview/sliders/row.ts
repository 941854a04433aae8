import {
  AMOUNT,
  type FromSliders,
  type LayerRange,
  type SliderRow,
  type SlidersStrings,
} from "../../protocol/webview";
import { element, setAttributes } from "../dom";
import { button } from "../toolkit";
import { SliderGesture } from "./gesture";
import { LayerFields } from "./layers";
import { Silence } from "./silence";

/** One direction: its name, an exact amount, a reset button, the slider, and its layers. */
export class Row {
  readonly root: HTMLElement;
  readonly #slider: HTMLInputElement;
  readonly #number: HTMLInputElement;
  readonly #gesture: SliderGesture;
  readonly #reset: HTMLElement;
  /** Where there is more than one to choose from. */
  readonly #layers: LayerFields | undefined;
  readonly #silence: Silence;
  readonly #name: HTMLElement;

  constructor(
    row: SliderRow,
    layerCount: number,
    strings: SlidersStrings,
    send: (message: FromSliders) => void,
  ) {
    const { id, name } = row;
    this.#slider = element("input", {
      type: "range",
      min: -AMOUNT.sliderLimit,
      max: AMOUNT.sliderLimit,
      step: AMOUNT.step,
      value: 0,
      "aria-label": name,
    });
    this.#number = element("input", {
      type: "number",
      min: -AMOUNT.limit,
      max: AMOUNT.limit,
      step: AMOUNT.step,
      "aria-label": `${name}, ${strings.amount}`,
      title: strings.amount,
    });
    this.#gesture = new SliderGesture(this.#slider, {
      live: (amount, at) => {
        this.#showAmount(amount);
        send({ type: "live", id, amount, at });
      },
      commit: (amount, at) => {
        this.#showAmount(amount);
        send({ type: "commit", id, amount, at });
      },
      cancel: () => {
        this.#showAmount(this.#slider.valueAsNumber);
        send({ type: "cancel" });
      },
    });
    this.#number.addEventListener("change", () => {
      const typed = this.#number.valueAsNumber;
      const amount = Number.isFinite(typed) ? Math.min(AMOUNT.limit, Math.max(-AMOUNT.limit, typed)) : 0;
      send({ type: "commit", id, amount, at: Date.now() });
    });
    const toZero = (): void => {
      send({ type: "commit", id, amount: 0, at: Date.now() });
    };
    this.#slider.addEventListener("dblclick", toZero);
    this.#reset = button("↺", { appearance: "icon", title: `${strings.reset}: ${name}`, onPress: toZero });
    const chooseLayers = (layers: LayerRange): void => {
      send({ type: "layers", id, layers });
    };
    this.#layers = layerCount > 1 ? new LayerFields(name, layerCount, strings, chooseLayers) : undefined;
    this.#silence = new Silence(chooseLayers);
    this.#name = element("span", { class: "name" }, name);
    this.root = element(
      "div",
      { class: "row", "data-direction": id, "data-name": name },
      element("div", { class: "head" }, this.#name, this.#number, this.#reset),
      this.#slider,
      this.#silence.root,
      ...(this.#layers === undefined ? [] : [this.#layers.root]),
    );
    this.update(row);
  }

  /** Shows what the host says, except where the person is moving the slider at this moment. */
  update(row: SliderRow): void {
    this.#name.title = row.hint;
    this.#slider.title = row.hint;
    this.root.classList.toggle("changed", row.amount !== 0);
    this.root.classList.toggle("muted", row.muted);
    setAttributes(this.#reset, { disabled: row.amount === 0 });
    this.#layers?.update(row.layers);
    this.#silence.update(row);
    if (this.#gesture.active) return;
    this.#slider.value = String(row.amount);
    this.#showAmount(row.amount);
  }

  #showAmount(amount: number): void {
    this.#number.value = String(Number(amount.toFixed(3)));
    setAttributes(this.#slider, { "aria-valuetext": `${this.#number.value} σ` });
  }
}
