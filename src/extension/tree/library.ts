import * as vscode from "vscode";
import type { Disposing } from "../disposing";

/**
 * What a view of files shows, and commands choose from. Nothing is searched, read or watched before somebody asks; what was
 * read is kept until something changes.
 */
export abstract class Library<Content> implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  #watchers: readonly Disposing[] | undefined;
  #content: Promise<Content> | undefined;

  /** What is selected in the tree: what a key means there. */
  selection: readonly vscode.Uri[] = [];

  /** What was read is no longer what there is. */
  readonly onDidChange = this.#changed.event;

  /** What there is; read once until something changes. */
  content(): Promise<Content> {
    this.#watchers ??= this.watch();
    if (this.#content === undefined) {
      const reading = this.read();
      this.#content = reading;
      // A failure is told to whoever asked; the next one tries again.
      reading.catch(() => {
        if (this.#content === reading) this.#content = undefined;
      });
    }
    return this.#content;
  }

  /** Looks again. */
  refresh(): void {
    this.#content = undefined;
    this.#changed.fire(undefined);
  }

  dispose(): void {
    vscode.Disposable.from(...(this.#watchers ?? []), this.#changed).dispose();
  }

  /** Reads what there is. */
  protected abstract read(): Promise<Content>;

  /** Sees to it that changes lead to {@link refresh}; called once. */
  protected abstract watch(): readonly Disposing[];
}
