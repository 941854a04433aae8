import type { Drawing } from "../../protocol/webview";
import { element, setAttributes } from "../dom";

/** The chart of an inversion's course, drawn by the host. What is unfolded in it stays so when a newer one comes. */
export class CourseView {
  readonly root = element("section", { class: "course", hidden: true });
  #shown: Drawing | undefined;

  show(drawing: Drawing | undefined): void {
    if (drawing === this.#shown) return;
    this.#shown = drawing;
    setAttributes(this.root, { hidden: drawing === undefined });
    const unfolded = this.root.querySelector("details")?.open === true;
    const parsed = new DOMParser().parseFromString(drawing ?? "", "text/html");
    this.root.replaceChildren(...parsed.body.childNodes);
    const numbers = this.root.querySelector("details");
    if (numbers !== null) numbers.open = unfolded;
  }
}
