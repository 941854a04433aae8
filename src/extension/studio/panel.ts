import * as vscode from "vscode";
import { isFromStudio, type FromStudio, type StudioState, type ToStudio } from "../../protocol/webview";
import type { OpenedLatent } from "../../protocol/engine";
import type { Context } from "../context";
import { Command } from "../contributions";
import { drawCourse } from "../photos/courseWords";
import { page, webviewOptions } from "../page";
import { describeDetails, describeEdits } from "./details";
import type { StudioDocument } from "./document";
import { occludersOf, type Occluders } from "./occluders";
import { studioStrings } from "./strings";

/**
 * Shows a document in a webview panel. The page remembers nothing: whenever it (re)appears it says "ready" and is
 * sent everything.
 */
export function showStudio(
  document: StudioDocument,
  panel: vscode.WebviewPanel,
  { extension, log }: Pick<Context, "extension" | "log">,
): void {
  const { webview } = panel;
  const send = (message: ToStudio): void => {
    void webview.postMessage(message);
  };
  let occludersShown = false;
  const sendState = (): void => {
    const { content } = document;
    const madeOfPhoto = content.phase !== "open" || content.opened.details.source !== undefined;
    send({ type: "state", strings: studioStrings(madeOfPhoto), state: stateOf(document, occludersShown) });
  };
  let shownSession: unknown;
  const sendPictures = (): void => {
    const { content, drawing } = document;
    const { frame } = drawing;
    if (content.phase !== "open") return;
    shownSession = content.opened.session;
    send({ type: "pixels", pane: "photo", pixels: content.opened.photo });
    send({ type: "pixels", pane: "reconstruction", pixels: content.opened.reconstruction });
    if (frame !== undefined) send({ type: "pixels", pane: "edit", pixels: frame.pixels });
  };
  const receive = (message: FromStudio): void => {
    switch (message.type) {
      case "ready":
        sendState();
        sendPictures();
        break;
      case "mute":
        document.editing.setMuted(message.id, message.muted);
        break;
      case "remove":
        document.editing.remove(message.id);
        break;
      case "occluders":
        occludersShown = message.shown;
        sendState();
        break;
      case "action":
        void (message.action === "openAsText"
          ? vscode.commands.executeCommand("vscode.openWith", document.uri, "default")
          : vscode.commands.executeCommand(Command.restartEngine));
        break;
      case "failure":
        log.error(`Studio page: ${message.message}`);
        break;
    }
  };

  const subscriptions = vscode.Disposable.from(
    webview.onDidReceiveMessage((message: unknown) => {
      if (isFromStudio(message)) receive(message);
      else log.warn("The Studio's page sent a message that is not known.");
    }),
    document.onDidChange(() => {
      sendState();
      const { content } = document;
      if (content.phase === "open" && content.opened.session !== shownSession) sendPictures();
    }),
    document.drawing.onDidDraw(({ pixels, milliseconds, since }) => {
      send({ type: "pixels", pane: "edit", pixels, milliseconds, since });
    }),
  );
  panel.onDidDispose(() => {
    subscriptions.dispose();
  });
  webview.options = webviewOptions(extension);
  webview.html = page(webview, extension, "studio", document.name);
}

function stateOf(document: StudioDocument, occludersShown: boolean): StudioState {
  const { content } = document;
  switch (content.phase) {
    case "opening":
      return { phase: "busy", message: vscode.l10n.t("Opening {0}...", document.name) };
    case "failed":
      return {
        phase: "failed",
        message: content.message,
        actions: content.engineGone ? ["restartEngine"] : ["openAsText"],
      };
    case "open": {
      const { course, occluders } = drawingsOf(content.opened);
      return {
        phase: "ready",
        title: document.name,
        notice: content.notice,
        details: describeDetails(content.opened, document.editing.tuned),
        ...(course !== undefined && { course }),
        ...(occluders && { occluders: { ...occluders, shown: occludersShown } }),
        edits: describeEdits(document.editing.edits, content.opened.layers),
      };
    }
  }
}

interface Drawings {
  readonly course: string | undefined;
  readonly occluders: Occluders | undefined;
}

/** By what was opened: state is sent with every edit, and its drawings stay the same. */
const drawings = new WeakMap<OpenedLatent, Drawings>();

function drawingsOf(opened: OpenedLatent): Drawings {
  const known = drawings.get(opened);
  if (known !== undefined) return known;
  const drawn = { course: drawCourse(opened.details.inversion?.course), occluders: occludersOf(opened) };
  drawings.set(opened, drawn);
  return drawn;
}
