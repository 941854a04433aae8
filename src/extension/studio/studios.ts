import * as vscode from "vscode";
import { ContextKey } from "../contributions";
import type { StudioDocument } from "./document";

/** A Studio on the screen: a document and the panel that shows it. */
export interface OpenStudio {
  readonly document: StudioDocument;
  readonly panel: vscode.WebviewPanel;
}

/**
 * All open Studios, and which of them is active: the one that was used last and can still be seen. The side panel,
 * the status bar and the commands follow it.
 */
export class Studios implements vscode.Disposable {
  /** Least recently used first. */
  #open: OpenStudio[] = [];
  #active: OpenStudio | undefined;
  #listening: vscode.Disposable | undefined;
  readonly #changed = new vscode.EventEmitter<undefined>();

  /** Another Studio became active, or the active one has something else to show. */
  readonly onDidChange = this.#changed.event;

  get active(): OpenStudio | undefined {
    return this.#active;
  }

  /** The Studio of a document on the disk, else the active one. */
  find(uri: vscode.Uri | undefined): OpenStudio | undefined {
    return (uri && this.of(uri)) ?? this.#active;
  }

  /** The Studio of a document, where it is open. */
  of(uri: vscode.Uri): OpenStudio | undefined {
    return this.#open.find(({ document }) => document.uri.toString() === uri.toString());
  }

  add(studio: OpenStudio): void {
    this.#open.push(studio);
    studio.panel.onDidChangeViewState(() => {
      if (studio.panel.active) this.#touch(studio);
      this.#update();
    });
    studio.panel.onDidDispose(() => {
      this.#open = this.#open.filter((other) => other !== studio);
      this.#update();
    });
    this.#update();
  }

  dispose(): void {
    this.#listening?.dispose();
    this.#changed.dispose();
  }

  #touch(studio: OpenStudio): void {
    this.#open = [...this.#open.filter((other) => other !== studio), studio];
  }

  #update(): void {
    const active = this.#open.findLast(({ panel }) => panel.visible);
    if (active === this.#active) return;
    this.#active = active;
    this.#listening?.dispose();
    this.#listening = active?.document.onDidChange(() => {
      this.#announce();
    });
    this.#announce();
  }

  #announce(): void {
    const content = this.#active?.document.content.phase;
    const edited = content === "open" && (this.#active?.document.editing.edits.length ?? 0) > 0;
    void vscode.commands.executeCommand("setContext", ContextKey.studio, content === "open");
    void vscode.commands.executeCommand("setContext", ContextKey.edited, edited);
    this.#changed.fire(undefined);
  }
}
