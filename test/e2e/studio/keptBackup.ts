import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { until, type Workbench } from "../driver/index.js";

/**
 * Waits until hot exit has kept a Studio's edits: the extension's backup holds the text, and the workbench has
 * noted which backup that is. VS Code does both a moment after the last edit; in a browser a reload does not wait.
 */
export async function keptBackup(code: Workbench, text: string): Promise<void> {
  const user = join(dirname(code.workspace), "data", "User");
  await until(`a backup with ${text}`, async () => {
    const backups = await filesWith(
      join(user, "workspaceStorage"),
      (content) => content.includes('"kind":"latent-backup"') && content.includes(text),
    );
    for (const backup of backups) {
      const notes = await filesWith(join(user, "Backups"), (content) =>
        content.includes(`/${basename(backup)}`),
      );
      if (notes.length > 0) return true;
    }
    return false;
  });
}

async function filesWith(folder: string, holds: (content: string) => boolean): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (holds(await readFile(path, "utf8"))) found.push(path);
  }
  return found;
}
