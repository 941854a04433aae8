import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { documentSuffix, RfmError, systemCode } from "../engine/files";
import type { Direction } from "../engine/directions";
import type { Model } from "../engine/models";

/** Where a pack keeps its directions. */
const FOLDER = "directions";

/** The names of a pack's directions, sorted; none where it has no such folder. */
export async function packDirectionNames({ pack }: Model): Promise<string[]> {
  const suffix = documentSuffix("direction");
  try {
    const files = await readdir(join(pack.folder, FOLDER));
    const documents = files.filter((file) => file.endsWith(suffix));
    return documents.map((file) => file.slice(0, -suffix.length)).sort();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** A direction of a pack by its name. */
export async function readPackDirection({ pack }: Model, name: string): Promise<Direction> {
  const { readDirection } = await import("../engine/directions");
  return readDirection(join(pack.folder, FOLDER, name + documentSuffix("direction")));
}

/**
 * A direction by path, or by name among those of the pack.
 *
 * @throws RfmError where there is none
 */
export async function findDirection(name: string, model: Model): Promise<Direction> {
  if (/[/\\]|\.json$/.test(name)) {
    const { readDirection } = await import("../engine/directions");
    return readDirection(name);
  }
  const names = await packDirectionNames(model);
  if (names.includes(name)) return readPackDirection(model, name);
  const known = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
  throw new RfmError(
    "model",
    `The model ${model.name} has no direction ${name} (${known}); choose one of these or give the path of a .direction.json.`,
  );
}
