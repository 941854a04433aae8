/** The side panel's page: one slider per direction of the active Studio. */
import type { SlidersConversation, SlidersState, SlidersStrings, ToSliders } from "../../protocol/webview";
import { element, redraw, required, setAttributes } from "../dom";
import { connect } from "../host";
import { button, divider, textField } from "../toolkit";
import { Likeness } from "./likeness";
import { SliderList } from "./list";
import { routeUndo } from "./undo";

const send = connect<SlidersConversation>(receive);
const list = new SliderList(send);
const welcome = element("section", { class: "welcome" });
const tools = element("div", { class: "tools", hidden: true });
const title = element("h2", { class: "title" });
let likeness: Likeness | undefined;

required("root").append(welcome, tools, list.root);
routeUndo(send);
send({ type: "ready" });

function receive({ state, strings }: ToSliders): void {
  if (likeness === undefined) {
    likeness = new Likeness(strings, send);
    tools.append(title, likeness.root, searchField(strings), resetAllButton(strings), divider());
  }
  draw(state, strings);
}

function draw(state: SlidersState, strings: SlidersStrings): void {
  const ready = state.phase === "ready";
  setAttributes(welcome, { hidden: ready });
  setAttributes(tools, { hidden: !ready });
  setAttributes(list.root, { hidden: !ready });
  if (state.phase === "idle") {
    redraw(welcome, element("p", {}, strings.welcome), invertButton(strings));
  } else if (state.phase === "waiting") {
    redraw(welcome, element("p", { role: "status" }, state.message));
  } else {
    title.textContent = state.title;
    likeness?.update(state.likeness, state.matchable);
    list.update(state.groups, state.layerCount, strings);
  }
}

function searchField(strings: SlidersStrings): HTMLElement {
  return textField({
    label: strings.search,
    onInput: (text) => {
      list.filter(text);
    },
  });
}

function resetAllButton(strings: SlidersStrings): HTMLElement {
  return button(strings.resetAll, {
    onPress: () => {
      send({ type: "resetAll" });
    },
  });
}

function invertButton(strings: SlidersStrings): HTMLElement {
  return button(strings.invertFace, {
    appearance: "primary",
    key: "invert",
    onPress: () => {
      send({ type: "invertFace" });
    },
  });
}
