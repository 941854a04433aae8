import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileFailure, readFileBounded, RfmError, systemCode } from "../files";
import { MANIFEST_NAME } from "./manifest";

const MAXIMUM_MANIFEST = 1 << 20;
/** `kind` in the `model.json` of packs. */
const PACK_KINDS: ReadonlySet<unknown> = new Set(["model", "scorer", "perceptual"]);

/**
 * Refuses to put a pack where it would take anything else away: a pack may take the place of another one, whose folder holds
 * nothing but what its `model.json` names, and of an empty folder.
 *
 * @throws RfmError("file"): what is there, and what to do.
 */
export async function refuseForeignFolder(folder: string): Promise<void> {
  const entries = await entriesOf(folder);
  if (entries.length === 0) return;
  const own = await namesOfPack(folder);
  if (own === undefined)
    throw new RfmError(
      "file",
      `${folder} is there already and no model pack; choose another name for the pack.`,
    );
  const [foreign] = entries.filter((entry) => !own.has(entry));
  if (foreign === undefined) return;
  throw new RfmError(
    "file",
    `${folder} is a model pack that holds ${foreign} as well, which would be lost; move it away, or choose another name.`,
  );
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") return [];
    if (code === "ENOTDIR")
      throw new RfmError("file", `${folder} is a file; name a folder for the pack.`, { cause: error });
    throw fileFailure(folder, "list", error);
  }
}

/** The names in the folder of a pack; undefined where it is none. */
async function namesOfPack(folder: string): Promise<ReadonlySet<string> | undefined> {
  try {
    const text = (await readFileBounded(join(folder, MANIFEST_NAME), MAXIMUM_MANIFEST)).toString("utf8");
    const manifest = JSON.parse(text) as { kind?: unknown; files?: Record<string, { path?: unknown }> };
    if (!PACK_KINDS.has(manifest.kind)) return undefined;
    const names = Object.values(manifest.files ?? {}).map(({ path }) => String(path));
    return new Set([MANIFEST_NAME, ...names]);
  } catch {
    return undefined;
  }
}

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
