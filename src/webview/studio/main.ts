/** The Studio's page: draws what the host sends, and says what the person did. It remembers nothing. */
import type {
  StudioAction,
  StudioConversation,
  StudioState,
  StudioStrings,
  ToStudio,
} from "../../protocol/webview";
import { element, redraw, required, setAttributes } from "../dom";
import { connect } from "../host";
import { button } from "../toolkit";
import { CompareButton } from "./compare";
import { CourseView } from "./course";
import { drawEdits } from "./edits";
import { OccludersView } from "./occluders";
import { Panes } from "./panes";

const send = connect<StudioConversation>(receive);
const panes = new Panes();
const compare = new CompareButton((comparing) => {
  panes.comparing = comparing;
});
const occluders = new OccludersView((shown) => {
  send({ type: "occluders", shown });
});

const message = element("div", { class: "message", role: "status", hidden: true });
const title = element("h1");
const notice = element("p", { class: "notice", role: "status", hidden: true });
const edits = element("section", { class: "edit-list" });
const details = element("section", { class: "details" });
const frame = element("p", { class: "frame quiet" });
const course = new CourseView();
let strings: StudioStrings | undefined;

panes.append("edit", compare.root);
panes.append("photo", occluders.controls);
panes.cover("photo", occluders.overlay);
required("root").append(
  message,
  element("header", {}, title),
  notice,
  panes.root,
  course.root,
  element("div", { class: "columns" }, edits, details),
);
send({ type: "ready" });

function receive(from: ToStudio): void {
  if (from.type === "state") {
    strings = from.strings;
    panes.setStrings(strings);
    compare.setStrings(strings);
    occluders.setStrings(strings);
    draw(from.state, strings);
    return;
  }
  panes.setPixels(from.pane, from.pixels);
  if (from.pane === "edit" && from.milliseconds !== undefined) drawFrameTime(from.milliseconds, from.since);
}

function draw(state: StudioState, strings: StudioStrings): void {
  document.body.dataset.phase = state.phase;
  panes.complete = state.phase === "ready";
  setAttributes(message, { hidden: state.phase === "ready" });
  setAttributes(compare.root, { hidden: state.phase !== "ready" });
  occluders.show(state.phase === "ready" ? state.occluders : undefined);
  course.show(state.phase === "failed" ? undefined : state.course);
  if (state.phase === "busy") {
    // While it lasts the details are not there: the chart is below the pictures.
    panes.root.after(course.root);
    redraw(
      message,
      element("p", {}, state.message),
      progressBar(state.fraction, state.message),
      ...noteList(state.notes ?? []),
    );
  } else if (state.phase === "failed") {
    redraw(
      message,
      element("p", { class: "sentence", role: "alert" }, state.message),
      element("p", { class: "buttons" }, ...state.actions.map((action) => actionButton(action, strings))),
    );
  } else {
    title.textContent = state.title;
    setAttributes(notice, { hidden: state.notice === undefined });
    notice.textContent = state.notice ?? "";
    drawEdits(edits, state.edits, strings, {
      mute: (id, muted) => {
        send({ type: "mute", id, muted });
      },
      remove: (id) => {
        send({ type: "remove", id });
      },
    });
    drawDetails(state.details, strings);
  }
}

function drawDetails(
  facts: readonly { label: string; value: string; hint?: string }[],
  strings: StudioStrings,
): void {
  const list = element("dl");
  for (const { label, value, hint } of facts) {
    list.append(element("dt", { title: hint }, label), element("dd", { title: hint }, value));
  }
  redraw(details, element("h2", {}, strings.details), list, frame, course.root);
}

/** Frame time from the slider's movement to the pixels where the movement is known, else the engine's alone. */
function drawFrameTime(milliseconds: number, since: number | undefined): void {
  const total = since === undefined ? milliseconds : Math.max(0, Date.now() - since);
  frame.dataset.milliseconds = String(total);
  frame.textContent = (strings?.frame ?? "{0}").replace("{0}", total.toFixed(0));
}

function noteList(notes: readonly string[]): HTMLElement[] {
  if (notes.length === 0) return [];
  return [element("ul", { class: "notes quiet" }, ...notes.map((note) => element("li", {}, note)))];
}

function progressBar(fraction: number | undefined, label: string): HTMLElement {
  return element("progress", { max: 1, value: fraction, "aria-label": label });
}

function actionButton(action: StudioAction, strings: StudioStrings): HTMLElement {
  return button(strings[action], {
    key: action,
    onPress: () => {
      send({ type: "action", action });
    },
  });
}
