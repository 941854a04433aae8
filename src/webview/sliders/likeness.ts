import { LIKENESS, type FromSliders, type SlidersStrings } from "../../protocol/webview";
import { element, setAttributes } from "../dom";
import { button } from "../toolkit";
import { SliderGesture } from "./gesture";

/** The match of the face: a button that makes it, and the likeness, from the model as it is to the match. */
export class Likeness {
  readonly root: HTMLElement;
  readonly #row: HTMLElement;
  readonly #slider: HTMLInputElement;
  readonly #number: HTMLInputElement;
  readonly #gesture: SliderGesture;
  readonly #match: HTMLElement;
  #shape = "";

  constructor(strings: SlidersStrings, send: (message: FromSliders) => void) {
    const { likeness, likenessHint, matchFace, matchHint } = strings;
    const bounds = { min: 0, max: LIKENESS.limit, step: LIKENESS.step };
    const named = { "aria-label": likeness, title: likenessHint };
    this.#slider = element("input", { type: "range", ...bounds, ...named });
    this.#number = element("input", { type: "number", ...bounds, ...named });
    const commit = (amount: number, at: number): void => {
      this.#show(amount);
      send({ type: "commitLikeness", amount, at });
    };
    this.#gesture = new SliderGesture(this.#slider, {
      live: (amount, at) => {
        this.#show(amount);
        send({ type: "liveLikeness", amount, at });
      },
      commit,
      cancel: () => {
        this.#show(this.#slider.valueAsNumber);
        send({ type: "cancel" });
      },
    });
    this.#number.addEventListener("change", () => {
      const typed = this.#number.valueAsNumber;
      commit(Number.isFinite(typed) ? Math.min(LIKENESS.limit, Math.max(0, typed)) : 0, Date.now());
    });
    this.#row = element(
      "div",
      { class: "row" },
      element("div", { class: "head" }, element("span", { class: "name" }, likeness), this.#number),
      this.#slider,
    );
    this.#match = button(matchFace, {
      key: "match",
      title: matchHint,
      onPress: () => {
        send({ type: "matchFace" });
      },
    });
    this.root = element("div", { class: "likeness", hidden: true });
  }

  /** Shows what the host says, except where the person is moving the slider at this moment. */
  update(likeness: number | undefined, matchable: boolean): void {
    this.#place(likeness !== undefined, matchable);
    if (likeness === undefined || this.#gesture.active) return;
    this.#slider.value = String(likeness);
    this.#show(likeness);
  }

  /** What is not offered is not there. What is there stays in place, so that a drag survives every update. */
  #place(adjustable: boolean, matchable: boolean): void {
    const shape = `${String(adjustable)} ${String(matchable)}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.root.replaceChildren(...(adjustable ? [this.#row] : []), ...(matchable ? [this.#match] : []));
    setAttributes(this.root, { hidden: !adjustable && !matchable });
  }

  #show(amount: number): void {
    this.#number.value = String(Number(amount.toFixed(3)));
    setAttributes(this.#slider, { "aria-valuetext": `${Math.round(100 * amount)} %` });
  }
}
