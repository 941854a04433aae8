import * as vscode from "vscode";
import { isFromSliders, type FromSliders, type SlidersState, type ToSliders } from "../../protocol/webview";
import type { Context } from "../context";
import { Command, View } from "../contributions";
import { page, webviewOptions } from "../page";
import type { OpenStudio, Studios } from "../studio/studios";
import { sliderGroups } from "./rows";
import { slidersStrings } from "./strings";

/** The side panel: one slider per direction of the active Studio. */
export class SlidersView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #registration: vscode.Disposable;

  readonly #extension: vscode.Uri;
  readonly #studios: Studios;
  readonly #log: vscode.LogOutputChannel;

  constructor({ extension, studios, log }: Pick<Context, "extension" | "studios" | "log">) {
    this.#extension = extension;
    this.#studios = studios;
    this.#log = log;
    this.#registration = vscode.window.registerWebviewViewProvider(View.sliders, this);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    const send = (): void => {
      const message: ToSliders = { type: "state", strings: slidersStrings(), state: this.#state() };
      void webview.postMessage(message);
    };
    const subscriptions = vscode.Disposable.from(
      webview.onDidReceiveMessage((message: unknown) => {
        if (!isFromSliders(message)) this.#log.warn("The side panel sent a message that is not known.");
        else if (message.type === "ready") send();
        else this.#receive(message);
      }),
      this.#studios.onDidChange(send),
    );
    view.onDidDispose(() => {
      subscriptions.dispose();
    });
    webview.options = webviewOptions(this.#extension);
    webview.html = page(webview, this.#extension, "sliders", vscode.l10n.t("Attributes"));
  }

  dispose(): void {
    this.#registration.dispose();
  }

  #state(): SlidersState {
    const document = this.#studios.active?.document;
    if (document === undefined) return { phase: "idle" };
    const { content } = document;
    if (content.phase === "opening") {
      return { phase: "waiting", message: vscode.l10n.t("Opening {0}...", document.name) };
    }
    if (content.phase === "failed") return { phase: "waiting", message: content.message };
    return {
      phase: "ready",
      title: document.name,
      layerCount: content.opened.layers,
      likeness: document.editing.tuned?.amount,
      matchable: content.opened.photo !== undefined,
      groups: sliderGroups(content.directions, document.editing.edits, {
        carried: vscode.l10n.t("From this document"),
        carriedHint: vscode.l10n.t("This direction is kept in the document; its file is not at hand."),
        silent: (layers, elsewhere) => ({
          message: vscode.l10n.t(
            "Zero on the layers {0}–{1}: it changes nothing there.",
            layers[0],
            layers[1],
          ),
          action: vscode.l10n.t("Use the layers {0}–{1}", elsewhere[0], elsewhere[1]),
        }),
      }),
    };
  }

  #receive(message: FromSliders): void {
    if (message.type === "invertFace") {
      void vscode.commands.executeCommand(Command.invertFace);
      return;
    }
    if (message.type === "matchFace") {
      void vscode.commands.executeCommand(Command.matchFace);
      return;
    }
    if (message.type === "failure") {
      this.#log.error(`Side panel page: ${message.message}`);
      return;
    }
    const studio = this.#studios.active;
    if (studio === undefined) return;
    const { document } = studio;
    switch (message.type) {
      case "live":
        document.editing.preview(message.id, message.amount, message.at);
        break;
      case "commit":
        document.editing.setAmount(message.id, message.amount, message.at);
        break;
      case "cancel":
        document.editing.cancelPreview();
        break;
      case "layers":
        document.editing.setLayers(message.id, message.layers);
        break;
      case "liveLikeness":
        document.editing.previewLikeness(message.amount, message.at);
        break;
      case "commitLikeness":
        document.editing.setLikeness(message.amount, message.at);
        break;
      case "resetAll":
        document.editing.resetAll();
        break;
      case "undo":
      case "redo":
        void undoIn(studio, message.type);
        break;
    }
  }
}

/**
 * Undo belongs to the editor that VS Code calls active. Where that is not the Studio (a text editor beside it, say),
 * the Studio is made active for the moment and the keyboard then goes back to the side panel.
 */
async function undoIn({ panel }: OpenStudio, direction: "undo" | "redo"): Promise<void> {
  const elsewhere = !panel.active;
  if (elsewhere) panel.reveal(panel.viewColumn, false);
  await vscode.commands.executeCommand(direction);
  if (elsewhere) await vscode.commands.executeCommand(`${View.sliders}.focus`);
}
