import type { StudioStrings } from "../../protocol/webview";
import { element, setAttributes } from "../dom";

/** The key that compares while it is held, wherever the focus is in the Studio. */
const KEY = "c";

/**
 * A button to hold: while the mouse, Space, Enter or the key C is down, `onChange(true)` is in force. A native
 * button, since the toolkit's swallows the key events that holding needs.
 */
export class CompareButton {
  readonly root = element("button", { type: "button", class: "compare", "aria-pressed": "false" });
  readonly #onChange: (comparing: boolean) => void;

  constructor(onChange: (comparing: boolean) => void) {
    this.#onChange = onChange;
    this.root.addEventListener("pointerdown", (event) => {
      this.root.setPointerCapture(event.pointerId);
      this.#set(true);
    });
    for (const end of ["pointerup", "pointercancel", "blur"]) {
      this.root.addEventListener(end, () => {
        this.#set(false);
      });
    }
    window.addEventListener("keydown", (event) => {
      if (this.#holds(event)) this.#set(true);
    });
    window.addEventListener("keyup", (event) => {
      if (this.#holds(event)) this.#set(false);
    });
    window.addEventListener("blur", () => {
      this.#set(false);
    });
  }

  setStrings(strings: StudioStrings): void {
    this.root.textContent = strings.compare;
    this.root.title = strings.compareHint;
  }

  #holds(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key.toLowerCase() === KEY) return true;
    return event.target === this.root && (event.key === " " || event.key === "Enter");
  }

  #set(comparing: boolean): void {
    setAttributes(this.root, { "aria-pressed": String(comparing) });
    this.#onChange(comparing);
  }
}
