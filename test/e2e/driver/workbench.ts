import { cp, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import type { Environment } from "../environment/setup.mjs";
import { BrowserConsole } from "./browserConsole.js";
import { CodeServer, installExtension, serverFolders } from "./codeServer.js";
import { CommandPalette } from "./commandPalette.js";
import { Dialogs } from "./dialogs.js";
import { EditorLogs } from "./editorLogs.js";
import { EditorTabs } from "./editorTabs.js";
import { Explorer } from "./explorer.js";
import { Notifications } from "./notifications.js";
import { QuickInput } from "./quickInput.js";
import { Screenshots, WINDOW } from "./screenshot.js";
import { SideBar } from "./sideBar.js";
import { Tree } from "./tree.js";
import { PATIENCE } from "./until.js";
import { UserSettings, type Settings } from "./userSettings.js";
import { Webviews } from "./webviews.js";
import { WorkspaceTrust } from "./workspaceTrust.js";

/** What to open. */
export interface WorkbenchOptions {
  readonly environment: Environment;
  /** The packaged extension. */
  readonly vsix: string;
  /** A folder whose copy is opened; without it an empty one. */
  readonly workspace?: string;
  /** User settings beyond those that keep the first start quiet. */
  readonly settings?: Settings;
  /** `false` opens the folder in Restricted Mode. Trusted is the default. */
  readonly trusted?: boolean;
}

const BROWSER_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A VS Code on a copy of a folder, with an extension installed, in a browser window: everything a test drives. */
export class Workbench {
  /** Starts a server and a browser of its own, and waits until the editor is ready. */
  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const root = await realpath(await mkdtemp(join(tmpdir(), "rfm-e2e-")));
    const cleaners = [async () => rm(root, { recursive: true, force: true, maxRetries: 5 })];
    try {
      const workspace = join(root, "workspace");
      await mkdir(workspace);
      if (options.workspace !== undefined) await cp(options.workspace, workspace, { recursive: true });

      const folders = serverFolders(root);
      await mkdir(folders.home);
      const settings = new UserSettings(folders.userData);
      await settings.create({
        "security.workspace.trust.enabled": options.trusted === false,
        // Headings that stay at the top of a tree cover the rows below them.
        "workbench.tree.enableStickyScroll": false,
        ...options.settings,
      });
      await installExtension(options.environment, folders, options.vsix);

      const server = await CodeServer.start(options.environment, folders);
      cleaners.unshift(async () => server.stop());
      const browser = await launch(options.environment);
      cleaners.unshift(async () => browser.close());

      const page = await browser.newPage({ viewport: WINDOW });
      page.setDefaultTimeout(PATIENCE);
      // The page's own question on leaving with unsaved changes; the editor has its backups.
      page.on("dialog", (dialog) => void dialog.accept().catch(() => undefined));
      const workbench = new Workbench(page, workspace, settings, folders.userData, cleaners);
      await page.goto(`${server.origin}/?folder=${encodeURIComponent(workspace)}`);
      await workbench.#ready();
      return workbench;
    } catch (error) {
      await clean(cleaners);
      throw error;
    }
  }

  readonly quickInput: QuickInput;
  readonly palette: CommandPalette;
  readonly sideBar: SideBar;
  readonly explorer: Explorer;
  readonly notifications: Notifications;
  readonly dialogs: Dialogs;
  readonly webviews: Webviews;
  readonly tabs: EditorTabs;
  readonly trust: WorkspaceTrust;
  readonly screenshots: Screenshots;
  readonly logs: EditorLogs;
  readonly console: BrowserConsole;

  private constructor(
    /** The browser's page, for what the parts below do not cover. */
    readonly page: Page,
    /** The copied folder, absolute. */
    readonly workspace: string,
    private readonly settings: UserSettings,
    userData: string,
    private readonly cleaners: (() => Promise<void>)[],
  ) {
    this.quickInput = new QuickInput(page);
    this.palette = new CommandPalette(page, this.quickInput);
    this.sideBar = new SideBar(page);
    this.explorer = new Explorer(page, this.sideBar, workspace);
    this.notifications = new Notifications(page, this.palette);
    this.dialogs = new Dialogs(page);
    this.webviews = new Webviews(page);
    this.tabs = new EditorTabs(page, this.palette, this.quickInput);
    this.trust = new WorkspaceTrust(page, this.palette);
    this.screenshots = new Screenshots(page, this.palette, this.quickInput);
    this.logs = new EditorLogs(userData);
    this.console = new BrowserConsole(page);
  }

  /** A tree of the container in front, by its view's title. */
  tree(view: string): Tree {
    return new Tree(this.page, view);
  }

  /** Absolute path of a file in the copied folder. */
  path(relative: string): string {
    return join(this.workspace, relative);
  }

  /**
   * Loads the window anew by VS Code's own command, which first keeps unsaved changes and the state of the
   * editors; the browser's reload would race with both. Extensions start again.
   */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent("load");
    await this.palette.run("Developer: Reload Window");
    await loaded;
    await this.#ready();
  }

  /**
   * Changes user settings and loads the window anew: in a browser VS Code does not notice when another
   * process writes settings.json. `undefined` takes a setting out.
   */
  async changeSettings(settings: Settings): Promise<void> {
    await this.settings.change(settings);
    await this.reload();
  }

  /** Ends the browser, the server and all their processes, and removes the temporary folder. */
  async close(): Promise<void> {
    await clean(this.cleaners);
  }

  /** The workbench stands when the file tree is drawn: its rows come from the server's file system. */
  async #ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .part.sidebar .composite").first().waitFor();
    await this.page.locator(".monaco-workbench .part.statusbar .statusbar-item").first().waitFor();
  }
}

async function launch(environment: Environment): Promise<Browser> {
  return chromium.launch({ executablePath: environment.chromium, args: BROWSER_FLAGS });
}

/** Does all even if one fails, and tells the first failure. */
async function clean(cleaners: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const cleaner of cleaners) await cleaner().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
