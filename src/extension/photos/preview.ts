import * as vscode from "vscode";
import type { LossCourse } from "../../protocol/engine";
import type { Pixels } from "../../protocol/pixels";
import { isFromStudio, type Pane, type ToStudio } from "../../protocol/webview";
import { page, webviewOptions } from "../page";
import { studioStrings } from "../studio/strings";
import { drawCourse } from "./courseWords";

/**
 * The Studio's page before there is a latent: the face as the optimisation finds it. It appears with the first
 * picture; closing it stops nothing.
 */
export class InversionPreview implements vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #pictures = new Map<Pane, Pixels>();
  #panel: vscode.WebviewPanel | undefined;
  #closed = false;
  #message = "";
  #fraction: number | undefined;
  #course: string | undefined;
  readonly #notes = new Set<string>();

  constructor(extension: vscode.Uri) {
    this.#extension = extension;
  }

  /** Says how far the work has come; a fraction is in [0,1]. */
  report(message: string, fraction: number | undefined): void {
    this.#message = message;
    this.#fraction = fraction;
    this.#sendState();
  }

  /** Shows a picture, and the panel if this is the first. */
  show(photoName: string, pane: Pane, pixels: Pixels): void {
    if (this.#closed) return;
    this.#pictures.set(pane, pixels);
    this.#panel ??= this.#open();
    this.#panel.title = vscode.l10n.t("Inverting {0}", photoName);
    this.#send({ type: "pixels", pane, pixels });
  }

  /** Draws the course of the face at hand; {@link report} shows it. */
  follow(course: LossCourse): void {
    if (this.#panel !== undefined) this.#course = drawCourse(course);
  }

  /** Tells a sentence that the person should know; {@link report} shows it, once. */
  note(sentence: string): void {
    this.#notes.add(sentence);
  }

  /** Another photo begins: the pictures of the last one go. */
  clear(): void {
    this.#course = undefined;
    this.#notes.clear();
    for (const pane of this.#pictures.keys()) this.#send({ type: "pixels", pane, pixels: undefined });
    this.#pictures.clear();
  }

  dispose(): void {
    this.#closed = true;
    this.#panel?.dispose();
  }

  #open(): vscode.WebviewPanel {
    const title = vscode.l10n.t("Invert Face");
    const place = { viewColumn: vscode.ViewColumn.Active, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel(
      "rfm.inversion",
      title,
      place,
      webviewOptions(this.#extension),
    );
    panel.webview.onDidReceiveMessage((message: unknown) => {
      if (!isFromStudio(message) || message.type !== "ready") return;
      this.#sendState();
      for (const [pane, pixels] of this.#pictures) this.#send({ type: "pixels", pane, pixels });
    });
    panel.onDidDispose(() => {
      this.#closed = true;
      this.#panel = undefined;
    });
    panel.webview.html = page(panel.webview, this.#extension, "studio", title);
    return panel;
  }

  #sendState(): void {
    const [fraction, course] = [this.#fraction, this.#course];
    this.#send({
      type: "state",
      strings: studioStrings(true),
      state: {
        phase: "busy",
        message: this.#message,
        notes: [...this.#notes],
        ...(fraction === undefined ? {} : { fraction }),
        ...(course === undefined ? {} : { course }),
      },
    });
  }

  #send(message: ToStudio): void {
    void this.#panel?.webview.postMessage(message);
  }
}
