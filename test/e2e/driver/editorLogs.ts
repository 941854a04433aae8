import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { matches, type TextMatch } from "./textMatch.js";
import { until } from "./until.js";

/** What the editor wrote into its log folder: the extension host, and the output channels of extensions. */
export class EditorLogs {
  readonly #folder: string;

  constructor(userData: string) {
    this.#folder = join(userData, "logs");
  }

  /** The extension host's log: activations and errors thrown in extensions. */
  async extensionHost(): Promise<string> {
    return this.#read((name) => name === "remoteexthost.log");
  }

  /** An output channel as far as it is written to disk. `name` is the one in the Output panel's list. */
  async channel(name: string): Promise<string> {
    return this.#read((file) => file === `${name}.log` || file.endsWith(`-${name}.log`));
  }

  /** Waits until an output channel contains something. */
  async waitForChannel(name: string, text: TextMatch): Promise<string> {
    return until(`"${text.toString()}" in the output channel "${name}"`, async () => {
      const content = await this.channel(name);
      return matches(content, text) ? content : undefined;
    });
  }

  async #read(wanted: (fileName: string) => boolean): Promise<string> {
    const found: string[] = [];
    for (const path of await logFiles(this.#folder)) {
      if (wanted(basename(path))) found.push(await readFile(path, "utf8"));
    }
    return found.join("");
  }
}

/** All files below the folder, in order of their names, that is of their age. */
async function logFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
