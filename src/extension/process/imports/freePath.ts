import { access } from "node:fs/promises";
import { join } from "node:path";

/** More files of one name than this in a folder are a mistake. */
const MOST_COPIES = 1000;

/** `NAME.ending` in a folder, and where that is taken `NAME (2).ending`. */
export async function freePath(folder: string, name: string, ending: string): Promise<string> {
  for (let copy = 1; ; copy++) {
    const path = join(folder, `${name}${copy === 1 ? "" : ` (${copy})`}${ending}`);
    if (copy === MOST_COPIES || !(await isTaken(path))) return path;
  }
}

async function isTaken(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
