import * as vscode from "vscode";
import { Command } from "../contributions";
import type { Studios } from "../studio/studios";
import type { Engine } from "./engine";

/** Tells what the engine does while it works, and which provider draws the active Studio. */
export class EngineStatusBar implements vscode.Disposable {
  readonly #engine: Engine;
  readonly #studios: Studios;
  readonly #subscriptions: vscode.Disposable[];
  #item: vscode.StatusBarItem | undefined;

  constructor(engine: Engine, studios: Studios) {
    this.#engine = engine;
    this.#studios = studios;
    const update = (): void => {
      this.#update();
    };
    this.#subscriptions = [engine.onDidChangeActivity(update), studios.onDidChange(update)];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.#item?.dispose();
  }

  #update(): void {
    const { activity, provider } = this.#engine;
    const content = this.#studios.active?.document.content;
    const model = content?.phase === "open" ? content.opened.details.model.name : undefined;
    if (activity === undefined && model === undefined) {
      this.#item?.hide();
      return;
    }
    this.#item ??= this.#make();
    this.#item.text =
      activity === undefined
        ? `$(person) RFM: ${[model, provider].filter((part) => part !== undefined).join(", ")}`
        : `$(sync~spin) RFM: ${activity}`;
    this.#item.show();
  }

  #make(): vscode.StatusBarItem {
    const item = vscode.window.createStatusBarItem("rfm.engine", vscode.StatusBarAlignment.Right, 50);
    item.name = vscode.l10n.t("RFM Engine");
    item.tooltip = vscode.l10n.t("Show which provider computes the faces");
    item.command = Command.showEngineStatus;
    return item;
  }
}
