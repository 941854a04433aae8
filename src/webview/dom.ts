type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Makes an element. Attributes that are `false` or `undefined` are left out, `true` is the bare attribute;
 * children that are strings become text, never markup.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/** Sets attributes as {@link element} does; `false` and `undefined` take them away. */
export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) target.removeAttribute(name);
    else target.setAttribute(name, value === true ? "" : String(value));
  }
}

/** The element that the page's skeleton must hold. */
export function required(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element "${id}".`);
  return found;
}

/**
 * Redraws `root` and gives the keyboard back to the control that had it: controls are recognised by their
 * `data-key`.
 */
export function redraw(root: HTMLElement, ...children: readonly (Node | string)[]): void {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && root.contains(active) ? active.dataset.key : undefined;
  root.replaceChildren(...children);
  if (key === undefined) return;
  for (const candidate of root.querySelectorAll<HTMLElement>("[data-key]")) {
    if (candidate.dataset.key === key) candidate.focus();
  }
}
