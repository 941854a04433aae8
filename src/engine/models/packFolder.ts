import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileFailure, systemCode } from "../files";

/**
 * Fills a folder as a whole or not at all: `fill` writes into a new one beside it, which then takes its
 * place. What was there before stays until then, and is gone afterwards.
 *
 * @throws RfmError("file"), or what `fill` throws; nothing new is left behind.
 */
export async function replaceFolder(folder: string, fill: (fresh: string) => Promise<void>): Promise<void> {
  const beside = (suffix: string): string =>
    join(dirname(folder), `.${basename(folder)}.${process.pid}.${suffix}`);
  const [fresh, old] = [beside("new"), beside("old")];
  try {
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { recursive: true });
    await fill(fresh);
    // A folder cannot be renamed onto another on every system; the old one steps aside first.
    await rm(old, { recursive: true, force: true });
    const replaced = await moveAway(folder, old);
    try {
      await rename(fresh, folder);
    } catch (error) {
      if (replaced) await rename(old, folder);
      throw error;
    }
    await rm(old, { recursive: true, force: true });
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw fileFailure(folder, "write", error);
  }
}

async function moveAway(folder: string, old: string): Promise<boolean> {
  try {
    await rename(folder, old);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}
