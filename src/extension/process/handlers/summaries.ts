import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { documentSuffix } from "../../../engine/files";
import { MOST_FILES, type FileSummaries } from "../../../protocol/directions";
import { PACK_FOLDER } from "../directionFiles";
import type { Workbench } from "../workbench";

/** `summariseFiles`: what label sets and directions there are, measured against the active model. */
export async function summariseFiles(
  workbench: Workbench,
  { files, model: folder }: { readonly files: readonly string[]; readonly model: string },
): Promise<FileSummaries> {
  const pack = await workbench.pack(folder);
  const { name, layers } = pack.manifest;
  const own = await directionFilesIn(join(pack.folder, PACK_FOLDER));
  const asked = files.slice(0, MOST_FILES);
  const entries = await workbench.summaries.summarise([...own, ...asked], pack);
  return {
    model: { folder: pack.folder, name, layers },
    own: entries.slice(0, own.length).filter((entry) => entry.kind !== "labels"),
    files: entries.slice(own.length),
  };
}

/** A pack need not have directions. */
async function directionFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const directions = names.filter((name) => name.endsWith(documentSuffix("direction"))).sort();
  return directions.slice(0, MOST_FILES).map((name) => join(folder, name));
}
