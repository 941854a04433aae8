import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { readFileBounded, RfmError, sha256OfFile, throwIfCancelled } from "../../../engine/files";
import { openPack } from "../../../engine/models";
import { isRecord, isSafeInteger, isString } from "../../../protocol/guard";
import type { PackEntry } from "../../../protocol/imports";

const MANIFEST = "model.json";
const MAXIMUM_MANIFEST = 1 << 20;

interface ListedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * A pack of any kind as its `model.json` tells it. A generator's manifest and the presence of its files are checked as when it
 * is opened.
 *
 * @throws RfmError("model" or "file"): one sentence that names the folder or file
 */
export async function packEntry(folder: string): Promise<PackEntry> {
  const manifest = await readManifest(folder);
  const { kind, name, architecture, sha256, licence } = manifest;
  if (!isString(kind) || !isString(name) || !isString(sha256) || !isString(architecture))
    throw notAPack(folder);
  const files = listedFiles(folder, manifest);
  const { size } = await stat(join(folder, MANIFEST));
  const generator = kind === "model" ? await generatorOf(folder) : undefined;
  return {
    folder,
    name,
    kind,
    architecture,
    sha256,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, size),
    ...(isString(licence) ? { licence } : {}),
    ...(generator && { generator }),
  };
}

/**
 * Compares every file of a pack with the size and hash in its `model.json`.
 *
 * @throws RfmError("model" or "file") that names the first file that is another one
 */
export async function verifyPackFiles(
  folder: string,
  {
    signal,
    onProgress,
  }: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number, total: number) => void;
  } = {},
): Promise<void> {
  const files = listedFiles(folder, await readManifest(folder));
  for (const [index, { path, bytes, sha256 }] of files.entries()) {
    throwIfCancelled(signal);
    onProgress?.(index, files.length);
    const place = join(folder, path);
    // The size is told apart first: a file that was cut off need not be read.
    const there = await stat(place).catch(() => undefined);
    if (there?.size === bytes && (await sha256OfFile(place, signal)) === sha256) continue;
    throw new RfmError(
      "model",
      there === undefined
        ? `${place} is missing; import the model again.`
        : `${place} is not the file that ${MANIFEST} beside it describes; import the model again.`,
    );
  }
}

async function generatorOf(folder: string): Promise<NonNullable<PackEntry["generator"]>> {
  const pack = await openPack(folder);
  const { resolution, layers, wDimension, space, imported } = pack.manifest;
  return {
    resolution,
    layers,
    wDimension,
    space,
    hasEncoder: pack.has("encoder"),
    hasMapping: space === "z" || pack.has("mapping"),
    missing: imported?.missing ?? [],
  };
}

async function readManifest(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const path = join(folder, MANIFEST);
  const text = (await readFileBounded(path, MAXIMUM_MANIFEST)).toString("utf8");
  try {
    const manifest: unknown = JSON.parse(text);
    if (isRecord(manifest)) return manifest;
  } catch (cause) {
    throw new RfmError("model", `${path} is no JSON; import the model again.`, { cause });
  }
  throw notAPack(folder);
}

/** The files that a manifest names; names that lead out of the folder are refused. */
function listedFiles(folder: string, { files }: Readonly<Record<string, unknown>>): ListedFile[] {
  if (!isRecord(files)) throw notAPack(folder);
  return Object.values(files).map((file) => {
    if (!isRecord(file)) throw notAPack(folder);
    const { path, bytes, sha256 } = file;
    const isBare = isString(path) && path === basename(path) && !/[\\:]/.test(path) && !/^\.*$/.test(path);
    if (!isBare || !isSafeInteger(bytes) || bytes < 0 || !isString(sha256)) throw notAPack(folder);
    return { path, bytes, sha256 };
  });
}

function notAPack(folder: string): RfmError {
  return new RfmError("model", `${join(folder, MANIFEST)} describes no model pack; import the model again.`);
}
