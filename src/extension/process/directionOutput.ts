import { access } from "node:fs/promises";
import { join } from "node:path";
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
 * Where the direction of an attribute goes in a folder: `NAME.direction.json`, and where that is taken and shall stay,
 * `NAME (2).direction.json`.
 */
export async function directionPath(folder: string, attribute: string, overwrite: boolean): Promise<string> {
  const name = fileName(attribute);
  for (let copy = 1; ; copy++) {
    const path = join(folder, `${copy === 1 ? name : `${name} (${copy})`}${documentSuffix("direction")}`);
    if (overwrite || copy === MOST_COPIES || !(await exists(path))) return path;
  }
}

/** Attribute names become file names: anything unusual is replaced. */
function fileName(attribute: string): string {
  return attribute.replace(/[^\p{L}\p{N}._+-]+/gu, "-").replace(/^\.+/, "") || "attribute";
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
