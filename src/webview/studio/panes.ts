import type { Pixels } from "../../protocol/pixels";
import { PANES, type Pane, type StudioStrings } from "../../protocol/webview";
import { element, setAttributes } from "../dom";
import { paint } from "../canvas";

interface PaneParts {
  readonly figure: HTMLElement;
  /** Holds the canvas and what lies over it. */
  readonly picture: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly caption: HTMLElement;
  readonly missing: HTMLElement;
}

/** Photo, reconstruction and edit side by side; while comparing, the edit's place shows the reconstruction. */
export class Panes {
  readonly root = element("div", { class: "panes" });
  readonly #parts: Readonly<Record<Pane, PaneParts>> = {
    photo: makePane("photo"),
    reconstruction: makePane("reconstruction"),
    edit: makePane("edit"),
  };
  readonly #pixels = new Map<Pane, Pixels>();
  #strings: StudioStrings | undefined;
  #comparing = false;
  #complete = false;

  constructor() {
    for (const pane of PANES) this.root.append(this.#parts[pane].figure);
  }

  /** Adds controls below a pane's caption. */
  append(pane: Pane, controls: HTMLElement): void {
    this.#parts[pane].figure.append(controls);
  }

  /** Lays something over a pane's picture. */
  cover(pane: Pane, overlay: HTMLElement): void {
    this.#parts[pane].picture.append(overlay);
  }

  setStrings(strings: StudioStrings): void {
    this.#strings = strings;
    this.#parts.photo.missing.textContent = strings.missingPhoto;
    this.#caption();
  }

  /** Whether all pictures are there that will come: a photo that is missing now has moved away. */
  set complete(value: boolean) {
    if (value === this.#complete) return;
    this.#complete = value;
    this.#draw("photo");
  }

  setPixels(pane: Pane, pixels: Pixels | undefined): void {
    if (pixels === undefined) this.#pixels.delete(pane);
    else this.#pixels.set(pane, pixels);
    this.#draw(pane);
    if (pane === "reconstruction" && this.#comparing) this.#draw("edit");
  }

  set comparing(value: boolean) {
    if (value === this.#comparing) return;
    this.#comparing = value;
    this.#draw("edit");
    this.#caption();
  }

  #draw(pane: Pane): void {
    const { figure, picture, canvas, missing } = this.#parts[pane];
    const pixels = this.#pixels.get(pane === "edit" && this.#comparing ? "reconstruction" : pane);
    const tellMissing = pixels === undefined && pane === "photo" && this.#complete;
    setAttributes(canvas, { hidden: pixels === undefined });
    setAttributes(picture, { hidden: pixels === undefined });
    setAttributes(missing, { hidden: !tellMissing });
    setAttributes(figure, { hidden: pixels === undefined && !tellMissing });
    if (pixels !== undefined) paint(canvas, pixels);
  }

  #caption(): void {
    const strings = this.#strings;
    if (strings === undefined) return;
    for (const pane of PANES) {
      const { caption, canvas } = this.#parts[pane];
      caption.textContent = pane === "edit" && this.#comparing ? strings.comparing : strings.panes[pane];
      setAttributes(canvas, { "aria-label": caption.textContent });
    }
  }
}

function makePane(pane: Pane): PaneParts {
  const canvas = element("canvas", { role: "img", "data-pane": pane, hidden: true, width: 1, height: 1 });
  const caption = element("figcaption");
  const missing = element("p", { class: "missing", hidden: true });
  const picture = element("div", { class: "picture", hidden: true }, canvas);
  const figure = element("figure", { class: `pane ${pane}`, hidden: true }, picture, missing, caption);
  return { figure, picture, canvas, caption, missing };
}
