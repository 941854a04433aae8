import type { Page } from "playwright-core";
import type { CommandPalette } from "./commandPalette.js";

/** Restricted Mode, and the way out of it. */
export class WorkspaceTrust {
  readonly #page: Page;
  readonly #palette: CommandPalette;

  constructor(page: Page, palette: CommandPalette) {
    this.#page = page;
    this.#palette = palette;
  }

  /** Waits until the status bar says Restricted Mode. */
  async waitUntilRestricted(): Promise<void> {
    await this.#status().waitFor();
  }

  /** Trusts the workspace, and waits until Restricted Mode is over. */
  async grant(): Promise<void> {
    await this.#palette.run("Workspaces: Manage Workspace Trust");
    await this.#page
      .locator(".workspace-trust-editor")
      .getByRole("button", { name: "Trust", exact: true })
      .click();
    await this.#status().waitFor({ state: "detached" });
  }

  #status() {
    return this.#page.locator('.statusbar-item[id="status.workspaceTrust"]');
  }
}
