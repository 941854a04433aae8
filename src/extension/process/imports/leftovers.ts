import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../../../engine/files";

/**
 * Puts right what an import leaves that was killed: a new pack is written into `.NAME.PID.new`, and the old one steps aside
 * as `.NAME.PID.old`. Folders of processes that still run are left alone; an old pack whose place is empty goes back.
 *
 * @param folder of packs; it need not exist
 */
export async function sweepLeftovers(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((): string[] => []);
  for (const entry of entries) {
    const [, name, pid, suffix] = /^\.(.+)\.(\d+)\.(new|old)$/.exec(entry) ?? [];
    if (name === undefined || isRunning(Number(pid))) continue;
    const left = join(folder, entry);
    if (suffix === "old" && !entries.includes(name))
      await rename(left, join(folder, name)).catch(() => undefined);
    else await rm(left, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Signal 0 only asks. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
}
