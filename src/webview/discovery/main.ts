/** The page of discovered directions: a strip of faces for each, what it changes, and a name to save it under. */
import type {
  DiscoveryConversation,
  DiscoveryRow,
  DiscoveryState,
  DiscoveryStrings,
  ToDiscovery,
} from "../../protocol/discoveryPage";
import type { Pixels } from "../../protocol/pixels";
import { paint } from "../canvas";
import { element, required, setAttributes } from "../dom";
import { connect } from "../host";
import { button, textField } from "../toolkit";

/** What is on the page of one direction. */
interface Shown {
  readonly strip: HTMLCanvasElement;
  readonly saved: HTMLElement;
}

const send = connect<DiscoveryConversation>(receive);
const title = element("h1");
const message = element("p", { class: "quiet", role: "status" });
const list = element("ol", { class: "components" });
const shown = new Map<number, Shown>();
/** Strips may come before their rows. */
const strips = new Map<number, Pixels>();

required("root").append(title, message, list);
send({ type: "ready" });

function receive(from: ToDiscovery): void {
  if (from.type === "state") {
    draw(from.state, from.strings);
    return;
  }
  strips.set(from.id, from.pixels);
  drawStrip(from.id);
}

/** Rows are only added: what the person has typed into the others stays. */
function draw(state: DiscoveryState, strings: DiscoveryStrings): void {
  title.textContent = state.title;
  message.textContent = state.message ?? "";
  setAttributes(message, { hidden: state.message === undefined });
  for (const row of state.rows) {
    const known = shown.get(row.id) ?? add(row, strings);
    known.saved.textContent = row.saved ?? "";
  }
}

function add(row: DiscoveryRow, strings: DiscoveryStrings): Shown {
  let name = row.name;
  const strip = element("canvas", {
    role: "img",
    "aria-label": `${strings.strip}: ${row.description}`,
    width: 1,
    height: 1,
    hidden: true,
  });
  const saved = element("span", { class: "quiet", role: "status" });
  const field = textField({
    label: strings.name,
    value: name,
    onInput: (text) => {
      name = text;
    },
  });
  const save = button(strings.save, {
    title: `${strings.save}: ${row.title}`,
    onPress: () => {
      send({ type: "save", id: row.id, name });
    },
  });
  list.append(
    element(
      "li",
      {},
      element("h2", {}, row.title),
      element("p", {}, row.description),
      strip,
      element("div", { class: "name" }, field, save, saved),
    ),
  );
  const parts = { strip, saved };
  shown.set(row.id, parts);
  drawStrip(row.id);
  return parts;
}

function drawStrip(id: number): void {
  const [pixels, parts] = [strips.get(id), shown.get(id)];
  if (pixels === undefined || parts === undefined) return;
  paint(parts.strip, pixels);
  setAttributes(parts.strip, { hidden: false });
}
