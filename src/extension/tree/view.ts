import * as vscode from "vscode";
import type { Disposing } from "../disposing";
import { sentence } from "../engine/failure";
import type { Library } from "./library";

/** A line of a tree; `uri` is what commands on it are about. */
interface Line {
  readonly uri?: vscode.Uri | undefined;
}

/** The tree of what a library holds. Where it cannot be read, the view says why. */
export abstract class LibraryView<Content, Node extends Line>
  implements vscode.TreeDataProvider<Node>, vscode.Disposable
{
  readonly #library: Library<Content>;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: readonly Disposing[];
  protected readonly view: vscode.TreeView<Node>;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    library: Library<Content>,
    log: vscode.LogOutputChannel,
    id: string,
    options: Omit<vscode.TreeViewOptions<Node>, "treeDataProvider"> = {},
  ) {
    this.#library = library;
    this.#log = log;
    this.view = vscode.window.createTreeView(id, { ...options, treeDataProvider: this });
    this.#subscriptions = [
      this.view,
      this.#changed,
      library.onDidChange(() => void this.#drawAnew()),
      this.view.onDidChangeSelection(({ selection }) => {
        library.selection = selection.flatMap(({ uri }) => (uri === undefined ? [] : [uri]));
      }),
    ];
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node !== undefined) return this.childrenOf(node);
    try {
      const roots = this.rootsOf(await this.#library.content());
      this.view.message = "";
      return roots;
    } catch (error) {
      // The view says why it is empty; what is offered below is the welcome content.
      this.#log.error(sentence(error));
      this.view.message = sentence(error);
      return [];
    }
  }

  abstract getTreeItem(node: Node): vscode.TreeItem;

  /** The tree's first lines. */
  protected abstract rootsOf(content: Content): Node[];

  protected abstract childrenOf(node: Node): Node[];

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  /**
   * VS Code forgets the lines as soon as it is told to ask for them again: a menu that is open then belongs to none. So
   * it is told when the new ones are at hand.
   */
  async #drawAnew(): Promise<void> {
    await this.#library.content().catch(() => undefined);
    this.#changed.fire(undefined);
  }
}
