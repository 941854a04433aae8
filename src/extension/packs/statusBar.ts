import { basename } from "node:path";
import * as vscode from "vscode";
import { Command } from "../contributions";
import type { Disposing } from "../disposing";
import type { ModelPacks } from "../engine/models";

/** Names the model that inverts faces; a click chooses another one. */
export class ModelStatusBar implements vscode.Disposable {
  readonly #packs: ModelPacks;
  readonly #item = vscode.window.createStatusBarItem("rfm.model", vscode.StatusBarAlignment.Right, 51);
  readonly #subscriptions: readonly Disposing[];

  constructor(packs: ModelPacks) {
    this.#packs = packs;
    this.#item.name = vscode.l10n.t("RFM Model");
    this.#item.command = Command.selectModel;
    const update = (): void => {
      this.#update();
    };
    // Folders differ in their settings.
    this.#subscriptions = [packs.onDidChange(update), vscode.workspace.onDidChangeWorkspaceFolders(update)];
    update();
    this.#item.show();
  }

  dispose(): void {
    vscode.Disposable.from(this.#item, ...this.#subscriptions).dispose();
  }

  #update(): void {
    const name = basename(this.#packs.chosen());
    this.#item.text = `$(symbol-class) ${name}`;
    this.#item.tooltip = vscode.l10n.t(
      "RFM inverts faces with the model {0}. Click to choose another.",
      name,
    );
    this.#item.accessibilityInformation = { label: vscode.l10n.t("RFM model {0}", name), role: "button" };
  }
}
