import { randomBytes } from "node:crypto";
import { open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileFailure, systemCode } from "./failures";

/** What a file is made of: all at once, or in parts that need not fit into memory together. */
export type FileContent = Uint8Array | string | AsyncIterable<string | Uint8Array>;

/**
 * Writes a whole file so that its name holds either the old content or the new, never a part: the bytes go to a
 * temporary file in the same folder, are flushed to the disk, and take the final name in one rename; then the
 * folder is flushed too. A symbolic link stays a link: the file that it names is replaced. The permissions of a
 * file that is replaced are kept. On any failure the temporary file is removed.
 *
 * @throws RfmError ("file") that names the file, the reason and the way out.
 */
export async function writeFileAtomically(path: string, data: FileContent): Promise<void> {
  try {
    const target = await finalTarget(path);
    const folder = dirname(target);
    const temporary = join(folder, temporaryName(basename(target)));
    try {
      await writeAndFlush(temporary, data, await modeOf(target));
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
    await flushFolder(folder);
  } catch (error) {
    throw fileFailure(path, "write", error);
  }
}

/** A hidden name beside the final one; cut so that a long final name leaves room for the suffix. */
function temporaryName(name: string): string {
  return `.${name.slice(0, 80)}.${randomBytes(6).toString("hex")}.tmp`;
}

/** Where the bytes shall lie: behind symbolic links, or the path itself when nothing is there yet. */
async function finalTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return path;
    throw error;
  }
}

/** The permission bits of a file that will be replaced; undefined for a new file. */
async function modeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    return found.mode & 0o777;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function writeAndFlush(path: string, data: FileContent, mode: number | undefined): Promise<void> {
  const handle = await open(path, "wx", mode ?? 0o666);
  try {
    await writeFile(handle, data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the rename itself durable. Some systems (Windows, network disks) cannot flush a folder: no harm done. */
async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The file itself is already flushed and in place.
  }
}
