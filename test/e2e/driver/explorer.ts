import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { ContextMenu } from "./contextMenu.js";
import type { SideBar } from "./sideBar.js";
import { until } from "./until.js";

/** The file tree. Paths are relative to the workspace folder. */
export class Explorer {
  readonly #page: Page;
  readonly #sideBar: SideBar;
  readonly #workspace: string;

  constructor(page: Page, sideBar: SideBar, workspace: string) {
    this.#page = page;
    this.#sideBar = sideBar;
    this.#workspace = workspace;
  }

  /** Brings the tree to the front, where another view has taken its place. */
  async show(): Promise<void> {
    await this.#sideBar.show("Explorer");
    await this.#page.locator(".explorer-folders-view").waitFor();
  }

  /** The row of a file or folder; the folders above it are opened, and the row is waited for. */
  async find(path: string): Promise<Locator> {
    await this.show();
    const names = path.split("/");
    for (let depth = 1; depth < names.length; depth += 1) {
      await this.#unfold(names.slice(0, depth).join("/"));
    }
    const row = this.#row(path);
    await row.waitFor();
    return row;
  }

  /** Waits until a file or folder is gone from the tree. */
  async waitUntilGone(path: string): Promise<void> {
    await this.show();
    await this.#row(path).waitFor({ state: "detached" });
  }

  /** Selects exactly these files, without opening any: Ctrl and click on each row that should change. */
  async select(...paths: string[]): Promise<void> {
    const wanted = new Set<string>();
    for (const path of paths) wanted.add(await this.#label(await this.find(path)));
    await until(`${paths.join(", ")} to be selected`, async () => {
      let changed = false;
      for (const row of await this.#rows().all()) {
        const selected = (await row.getAttribute("aria-selected")) === "true";
        if (selected === wanted.has(await this.#label(row))) continue;
        await row.click({ modifiers: ["Control"], timeout: 2_000 });
        changed = true;
      }
      return !changed;
    });
  }

  /** Opens a file in its default editor, to stay (not as a preview). */
  async open(path: string): Promise<void> {
    await (await this.find(path)).dblclick();
  }

  /** Opens the menu of a file; if it belongs to a selection, the menu is for all of that. */
  async contextMenu(path: string): Promise<ContextMenu> {
    return ContextMenu.open(this.#page, await this.find(path));
  }

  async #unfold(path: string): Promise<void> {
    const folder = this.#row(path);
    await until(`the folder ${path} to be open`, async () => {
      if ((await folder.getAttribute("aria-expanded", { timeout: 2_000 })) === "true") return true;
      // Only the twistie: a click on the name would move the selection.
      await folder.locator(".monaco-tl-twistie").click({ timeout: 2_000 });
      return false;
    });
  }

  #row(path: string): Locator {
    const label = join(this.#workspace, path);
    // Git status and problems append to the label: "… • Untracked".
    const quoted = JSON.stringify(label);
    const decorated = JSON.stringify(`${label} • `);
    return this.#rows().filter({
      has: this.#page.locator(`[aria-label=${quoted}], [aria-label^=${decorated}]`),
    });
  }

  #rows(): Locator {
    return this.#page.locator(".explorer-folders-view .monaco-list-row");
  }

  async #label(row: Locator): Promise<string> {
    return (await row.locator(".explorer-item").getAttribute("aria-label")) ?? "";
  }
}
