import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Settings by their full name, as in settings.json. */
export type Settings = Readonly<Record<string, unknown>>;

/** Keeps a first start free of pages, dialogs and panels that would lie over what a test looks at. */
const QUIET: Settings = {
  "chat.commandCenter.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  // In a browser VS Code saves by itself unless told otherwise; on the desktop it does not.
  "files.autoSave": "off",
  "git.enabled": false,
  "security.workspace.trust.banner": "never",
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.commandPalette.history": 0,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.settings.enableNaturalLanguageSearch": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
};

/** The user's settings.json of one editor. A browser reads it when the window loads. */
export class UserSettings {
  readonly #path: string;

  constructor(userData: string) {
    this.#path = join(userData, "User", "settings.json");
  }

  /** Writes the file for a first start. */
  async create(settings: Settings): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    await this.#write({ ...QUIET, ...settings });
  }

  /** Sets some settings and keeps the others; `undefined` takes a setting out. */
  async change(settings: Settings): Promise<void> {
    const present = JSON.parse(await readFile(this.#path, "utf8")) as Settings;
    await this.#write({ ...present, ...settings });
  }

  async #write(settings: Settings): Promise<void> {
    await writeFile(this.#path, JSON.stringify(settings, null, 2));
  }
}
