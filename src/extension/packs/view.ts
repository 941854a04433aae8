import * as vscode from "vscode";
import type { Context } from "../context";
import { View } from "../contributions";
import { describedItem } from "../tree/described";
import { LibraryView } from "../tree/view";
import { describePack } from "./describe";
import { lacksEncoder } from "./fitEncoder";
import { isGenerator, type KnownPack } from "./library";

/** A line of the tree; `uri` is what commands on it are about. */
export interface PackNode {
  readonly kind: "pack";
  readonly uri: vscode.Uri;
  readonly pack: KnownPack;
}

/** The view of the model packs: the built-in one, the imported ones, those of the workspace. */
export class ModelsView extends LibraryView<readonly KnownPack[], PackNode> {
  readonly #visibility: vscode.Disposable;

  constructor({ models, log }: Pick<Context, "models" | "log">) {
    super(models, log, View.models);
    // Another window may have imported a model meanwhile.
    this.#visibility = this.view.onDidChangeVisibility(({ visible }) => {
      if (visible) models.refresh();
    });
  }

  getTreeItem({ pack }: PackNode): vscode.TreeItem {
    const colour = pack.active ? "charts.green" : undefined;
    return describedItem(describePack(pack), pack.folder, contextOf(pack), colour);
  }

  override dispose(): void {
    this.#visibility.dispose();
    super.dispose();
  }

  protected rootsOf(packs: readonly KnownPack[]): PackNode[] {
    return packs.map((pack) => ({ kind: "pack", uri: vscode.Uri.file(pack.folder), pack }));
  }

  protected childrenOf(): PackNode[] {
    return [];
  }
}

/** What the menus of package.json know an item by: words with dots before and after. */
function contextOf({ entry, place, active }: KnownPack): string {
  const words = [
    "pack",
    place,
    ...("message" in entry ? ["broken"] : ["whole"]),
    ...(isGenerator(entry) && !active ? ["usable"] : []),
    ...(isGenerator(entry) && place !== "builtIn" && lacksEncoder(entry) ? ["encodable"] : []),
    ...("licence" in entry ? ["licensed"] : []),
  ];
  return `.${words.join(".")}.`;
}
