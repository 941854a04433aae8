import { link, open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { RfmError } from "./errors";
import { fileFailure, systemCode } from "./failures";

/** How long to wait for the holder, and how often to look, in milliseconds. */
const DEFAULT_WAIT = 10_000;
const POLL = 40;
/** A lock without a readable holder is one whose writer died in between, once it is this old. */
const UNREADABLE_AGE = 5_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Runs `work` while holding the advisory lock `PATH.lock`, which carries the holder's process id. A lock whose
 * process has died is taken over. The lock is removed whatever the outcome.
 *
 * @param path what is protected; need not exist.
 * @throws RfmError ("file") when another live process keeps the lock for longer than `waitMilliseconds`.
 */
export async function withLock<Result>(
  path: string,
  work: () => Promise<Result>,
  waitMilliseconds = DEFAULT_WAIT,
): Promise<Result> {
  const lock = `${path}.lock`;
  await acquire(path, lock, waitMilliseconds);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true }).catch(() => undefined);
  }
}

async function acquire(path: string, lock: string, waitMilliseconds: number): Promise<void> {
  const deadline = Date.now() + waitMilliseconds;
  for (;;) {
    if (await tryCreate(path, lock)) return;
    const holder = await holderOf(lock);
    if (holder === "gone") continue;
    if (holder === "stale") {
      await removeStale(lock);
      continue;
    }
    if (Date.now() >= deadline) {
      const who = holder === "unknown" ? "another process" : `process ${holder.pid} on ${holder.host}`;
      throw new RfmError("file", `${path} is in use by ${who}; wait until it is done, or delete ${lock}.`);
    }
    await sleep(POLL);
  }
}

async function tryCreate(path: string, lock: string): Promise<boolean> {
  try {
    const handle = await open(lock, "wx");
    try {
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder));
    } catch (error) {
      // A full disk takes the name but not the holder: nobody could tell whose lock it is.
      await rm(lock, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw fileFailure(path, "lock", error);
  }
}

/** Who holds the lock; "unknown" while its writer has not finished the file. */
async function holderOf(lock: string): Promise<Holder | "gone" | "stale" | "unknown"> {
  try {
    const holder = parseHolder(await readFile(lock, "utf8"));
    if (holder !== undefined) return isAlive(holder) ? holder : "stale";
    return Date.now() - (await stat(lock)).mtimeMs > UNREADABLE_AGE ? "stale" : "unknown";
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "gone";
    throw fileFailure(lock, "read", error);
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    if (typeof value?.pid === "number" && typeof value.host === "string") {
      return { pid: value.pid, host: value.host };
    }
  } catch {
    // Not written completely.
  }
  return undefined;
}

/** Processes of other machines (shared folders) cannot be asked; they count as alive. */
function isAlive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}

/**
 * Moves a stale lock away; of several processes that find it, only one can. If meanwhile a live process had taken
 * the lock over, its lock is put back.
 */
async function removeStale(lock: string): Promise<void> {
  const aside = `${lock}.${randomBytes(4).toString("hex")}.stale`;
  try {
    await rename(lock, aside);
    const moved = await holderOf(aside);
    if (moved !== "stale" && moved !== "gone") await link(aside, lock).catch(() => undefined);
    await rm(aside, { force: true });
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw fileFailure(lock, "lock", error);
  }
}
