import type { FromSliders, SliderGroup, SlidersStrings } from "../../protocol/webview";
import { element, setAttributes } from "../dom";
import { Row } from "./row";

/** The groups of sliders. Rows live as long as the set of directions does, so that a drag survives every update. */
export class SliderList {
  readonly root = element("div", { class: "groups" });
  readonly #send: (message: FromSliders) => void;
  readonly #rows = new Map<string, Row>();
  readonly #nothing = element("p", { class: "quiet", role: "status", hidden: true });
  #shape = "";
  #query = "";

  constructor(send: (message: FromSliders) => void) {
    this.#send = send;
  }

  update(groups: readonly SliderGroup[], layerCount: number, strings: SlidersStrings): void {
    const shape = JSON.stringify([
      layerCount,
      groups.map(({ name, rows }) => [name, rows.map(({ id }) => id)]),
    ]);
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#build(groups, layerCount, strings);
    }
    for (const { rows } of groups) {
      for (const row of rows) this.#rows.get(row.id)?.update(row);
    }
  }

  /** Shows only the directions whose name or group holds the text. */
  filter(query: string): void {
    this.#query = query.trim().toLocaleLowerCase();
    let found = false;
    for (const group of this.root.querySelectorAll<HTMLDetailsElement>("details.group")) {
      const wholeGroup = this.#matches(group.dataset.name);
      let shown = false;
      for (const row of group.querySelectorAll<HTMLElement>(".row")) {
        const visible = wholeGroup || this.#matches(row.dataset.name);
        setAttributes(row, { hidden: !visible });
        shown ||= visible;
      }
      setAttributes(group, { hidden: !shown });
      if (shown && this.#query !== "") group.open = true;
      found ||= shown;
    }
    setAttributes(this.#nothing, { hidden: found || this.#query === "" });
  }

  #matches(name: string | undefined): boolean {
    return name?.toLocaleLowerCase().includes(this.#query) ?? false;
  }

  #build(groups: readonly SliderGroup[], layerCount: number, strings: SlidersStrings): void {
    this.#rows.clear();
    this.#nothing.textContent = strings.nothingFound;
    const sections = groups.map((group) => {
      const rows = group.rows.map((row) => {
        const made = new Row(row, layerCount, strings, this.#send);
        this.#rows.set(row.id, made);
        return made.root;
      });
      return element(
        "details",
        { class: "group", open: true, "data-name": group.name },
        element("summary", {}, group.name),
        ...rows,
      );
    });
    this.root.replaceChildren(...sections, this.#nothing);
    this.filter(this.#query);
  }
}
