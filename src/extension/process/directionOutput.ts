import { access } from "node:fs/promises";
import { basename, join } from "node:path";
import { directionFileName } from "../../engine/directions";
import { documentSuffix, writeDocument, type DirectionDocument } from "../../engine/files";
import type { WrittenDirection } from "../../protocol/directions";

/** More directions of one name than this in a folder are a mistake. */
const MOST_COPIES = 1000;

/** Writes a direction. */
export async function writeDirectionAt(path: string, document: DirectionDocument): Promise<WrittenDirection> {
  await writeDocument(path, document);
  return { path, attribute: document.attribute };
}

/**
 * Where the directions of attributes go in a folder: `NAME.direction.json`, and where that is taken and shall stay,
 * `NAME (2).direction.json`. Two attributes of one piece of work never get the same file.
 */
export class DirectionPaths {
  readonly #folder: string;
  readonly #overwrite: boolean;
  readonly #taken = new Set<string>();

  constructor(folder: string, overwrite: boolean) {
    this.#folder = folder;
    this.#overwrite = overwrite;
  }

  async next(attribute: string): Promise<string> {
    const file = directionFileName(attribute, this.#taken);
    const name = basename(file, documentSuffix("direction"));
    for (let copy = 1; ; copy++) {
      const base = copy === 1 ? name : `${name} (${copy})`;
      const path = join(this.#folder, base + documentSuffix("direction"));
      if (this.#overwrite || copy === MOST_COPIES || !(await exists(path))) return path;
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
