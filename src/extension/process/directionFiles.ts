import { readdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { directionMisfit, editAlong, readDirection, type Direction } from "../../engine/directions";
import { documentSuffix } from "../../engine/files";
import type { ModelPack } from "../../engine/models";
import type { DirectionSummary } from "../../protocol/engine";

/** Folder of a pack that holds its directions. */
export const PACK_FOLDER = "directions";

/** A folder with more directions than this is none of ours. */
const MOST_FILES = 500;

/** The directions that come with a pack; they are named from the pack's folder, wherever that is. */
export async function packDirections(pack: ModelPack): Promise<DirectionSummary[]> {
  const found = await directionsIn(join(pack.folder, PACK_FOLDER), pack);
  return found.map((direction) =>
    summarise(
      direction,
      `${pack.manifest.name}/${PACK_FOLDER}/${direction.name}${documentSuffix("direction")}`,
    ),
  );
}

/**
 * The directions of folders that fit this model, by file name; a file that cannot be read is left out
 * and told on the log.
 *
 * @param latent the document that edits will name them in, relative to itself.
 */
export async function folderDirections(
  folders: readonly string[],
  pack: ModelPack,
  latent: string,
): Promise<DirectionSummary[]> {
  const found = await Promise.all(folders.map((folder) => directionsIn(folder, pack)));
  return found
    .flat()
    .map((direction) => summarise(direction, relative(dirname(latent), direction.path).split(sep).join("/")));
}

/** Directions by hash: the same file in two places is one slider. */
export function withoutCopies(directions: readonly DirectionSummary[]): DirectionSummary[] {
  const seen = new Set<string>();
  return directions.filter(({ direction }) => !seen.has(direction.sha256) && seen.add(direction.sha256));
}

async function directionsIn(folder: string, pack: ModelPack): Promise<Direction[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(documentSuffix("direction"))).sort();
  const read = await Promise.all(
    files.slice(0, MOST_FILES).map((name) =>
      readDirection(join(folder, name)).catch((error: unknown) => {
        console.error(error instanceof Error ? error.message : error);
        return undefined;
      }),
    ),
  );
  const { name, layers, wDimension } = pack.manifest;
  const model = { name, sha256: pack.sha256, layers, wDimension };
  return read
    .filter((direction) => direction !== undefined)
    .filter(({ path, document }) => directionMisfit(path, document, model) === undefined);
}

function summarise(direction: Direction, path: string): DirectionSummary {
  const { attribute, group, layers, auc, accuracy } = direction.document;
  return {
    direction: editAlong(direction, 0, {}, path).direction,
    file: direction.path,
    attribute,
    layers,
    ...(group === undefined ? {} : { group }),
    ...(auc === undefined ? {} : { auc }),
    ...(accuracy?.test === undefined ? {} : { accuracy: accuracy.test }),
  };
}
