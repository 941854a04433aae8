import type { StudioOccluders, StudioStrings } from "../../protocol/webview";
import { element, setAttributes } from "../dom";

const DESCRIPTION = "occluders-description";

/** What the inversion left out of the photo: a button that is pressed or not, and what the host drew to lie over the photo. */
export class OccludersView {
  /** For the photo's figure, below its caption. */
  readonly controls = element("div", { class: "occluder-controls", hidden: true });
  /** For the place over the photo. */
  readonly overlay = element("div", { class: "overlay", hidden: true });
  readonly #button = element("button", { type: "button", class: "toggle", "aria-describedby": DESCRIPTION });
  readonly #description = element("p", { id: DESCRIPTION, class: "quiet" });
  #drawn: string | undefined;
  #pressed = false;

  /** @param onToggle the person wants to see it, or no longer */
  constructor(onToggle: (shown: boolean) => void) {
    this.controls.append(this.#button, this.#description);
    this.#button.addEventListener("click", () => {
      onToggle(!this.#pressed);
    });
  }

  setStrings({ showOccluders }: StudioStrings): void {
    this.#button.textContent = showOccluders;
  }

  /** @param occluders undefined: nothing was left out */
  show(occluders: StudioOccluders | undefined): void {
    this.#pressed = occluders?.shown === true;
    setAttributes(this.controls, { hidden: occluders === undefined });
    setAttributes(this.overlay, { hidden: !this.#pressed });
    setAttributes(this.#button, {
      "aria-pressed": String(this.#pressed),
      title: occluders?.description,
    });
    // Hidden it still describes the button.
    setAttributes(this.#description, { hidden: !this.#pressed });
    this.#description.textContent = occluders?.description ?? "";
    this.#draw(occluders?.drawing);
  }

  #draw(drawing: string | undefined): void {
    if (drawing === this.#drawn) return;
    this.#drawn = drawing;
    const parsed = new DOMParser().parseFromString(drawing ?? "", "text/html");
    this.overlay.replaceChildren(...parsed.body.childNodes);
  }
}
