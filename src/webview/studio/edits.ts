import type { EditRow, StudioStrings } from "../../protocol/webview";
import { element, redraw } from "../dom";
import { button } from "../toolkit";

export interface EditListActions {
  readonly mute: (id: string, muted: boolean) => void;
  readonly remove: (id: string) => void;
}

/** Draws the list of applied edits with a mute and a remove button each. */
export function drawEdits(
  root: HTMLElement,
  edits: readonly EditRow[],
  strings: StudioStrings,
  actions: EditListActions,
): void {
  const heading = element("h2", {}, strings.edits);
  if (edits.length === 0) {
    redraw(root, heading, element("p", { class: "quiet" }, strings.noEdits));
    return;
  }
  redraw(
    root,
    heading,
    element("ul", { class: "edits" }, ...edits.map((edit) => line(edit, strings, actions))),
  );
}

function line(edit: EditRow, strings: StudioStrings, actions: EditListActions): HTMLElement {
  const mute = button(edit.muted ? strings.unmute : strings.mute, {
    key: `mute ${edit.id}`,
    title: `${edit.muted ? strings.unmute : strings.mute}: ${edit.name}`,
    onPress: () => {
      actions.mute(edit.id, !edit.muted);
    },
  });
  const remove = button(strings.remove, {
    key: `remove ${edit.id}`,
    title: `${strings.remove}: ${edit.name}`,
    onPress: () => {
      actions.remove(edit.id);
    },
  });
  const told = [edit.layers, edit.muted ? strings.muted : undefined].filter((part) => part !== undefined);
  return element(
    "li",
    { "data-edit": edit.id, class: edit.muted ? "muted" : undefined },
    element("span", { class: "name" }, edit.name),
    element("span", { class: "amount" }, edit.amount),
    element("span", { class: "quiet" }, told.join(", ")),
    element("span", { class: "buttons" }, mute, remove),
  );
}
