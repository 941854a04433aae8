import { basename } from "node:path";
import * as vscode from "vscode";
import { DirectionRequests, type DiscoveredDirection } from "../../protocol/directions";
import {
  isFromDiscovery,
  type DiscoveryRow,
  type FromDiscovery,
  type ToDiscovery,
} from "../../protocol/discoveryPage";
import type { Context } from "../context";
import { DISCOVERY } from "../contributions";
import { askWhereToWrite } from "../directions/choose";
import { sentence } from "../engine/failure";
import { page, webviewOptions } from "../page";

/** Shows directions as they are discovered, and saves those that the person gives a name. */
export class DiscoveryPanel {
  readonly #context: Context;
  readonly #title: string;
  readonly #panel: vscode.WebviewPanel;
  readonly #found: DiscoveredDirection[] = [];
  readonly #saved = new Map<number, string>();
  #message: string | undefined;
  #disposed = false;

  constructor(context: Context, title: string) {
    this.#context = context;
    this.#title = title;
    this.#panel = vscode.window.createWebviewPanel(DISCOVERY, title, vscode.ViewColumn.Active, {
      ...webviewOptions(context.extension),
      retainContextWhenHidden: true,
    });
    const { webview } = this.#panel;
    this.#panel.iconPath = new vscode.ThemeIcon("search-sparkle");
    const listening = webview.onDidReceiveMessage((message: unknown) => {
      if (isFromDiscovery(message)) void this.#receive(message);
      else context.log.warn("The page of discovered directions sent a message that is not known.");
    });
    this.#panel.onDidDispose(() => {
      this.#disposed = true;
      listening.dispose();
    });
    webview.html = page(webview, context.extension, "discovery", title);
  }

  /** Adds a direction to the page. */
  add(found: DiscoveredDirection): void {
    this.#found.push(found);
    this.#sendState();
    this.#send({ type: "strip", id: this.#found.length - 1, pixels: found.strip });
  }

  /** What goes on, or how it ended. */
  tell(message: string | undefined): void {
    this.#message = message;
    this.#sendState();
  }

  async #receive(message: FromDiscovery): Promise<void> {
    if (message.type === "failure") {
      this.#context.log.error(`Discovery page: ${message.message}`);
      return;
    }
    if (message.type === "ready") {
      this.#sendState();
      this.#found.forEach(({ strip }, id) => {
        this.#send({ type: "strip", id, pixels: strip });
      });
      return;
    }
    try {
      await this.#save(message.id, message.name.trim());
    } catch (error) {
      this.#context.log.error(sentence(error));
      void vscode.window.showErrorMessage(sentence(error));
    }
  }

  async #save(id: number, name: string): Promise<void> {
    const found = this.#found[id];
    if (found === undefined) return;
    const attribute = name === "" ? found.document.attribute : name;
    const fileName = attribute.replace(/[\\/:*?"<>|]+/g, "-");
    const path = await askWhereToWrite(vscode.l10n.t("Save Direction"), fileName, undefined);
    if (path === undefined) return;
    const document = { ...found.document, attribute };
    await this.#context.engine.ask(DirectionRequests.writeDirection, { path, document });
    this.#saved.set(id, vscode.l10n.t("saved as {0}", basename(path)));
    this.#context.library.refresh();
    this.#sendState();
  }

  #rows(): DiscoveryRow[] {
    return this.#found.map(({ document }, id) => {
      const share = ((document.discovery?.share ?? 0) * 100).toFixed(1);
      const saved = this.#saved.get(id);
      return {
        id,
        title: vscode.l10n.t("Component {0}, {1}% of the variation", id + 1, share),
        description: document.discovery?.description ?? "",
        name: document.attribute,
        ...(saved === undefined ? {} : { saved }),
      };
    });
  }

  #sendState(): void {
    const strings = {
      name: vscode.l10n.t("Name of the direction"),
      save: vscode.l10n.t("Save"),
      strip: vscode.l10n.t("A face moved along the direction"),
    };
    const state = { title: this.#title, message: this.#message, rows: this.#rows() };
    this.#send({ type: "state", strings, state });
  }

  #send(message: ToDiscovery): void {
    if (!this.#disposed) void this.#panel.webview.postMessage(message);
  }
}
