import { join } from "node:path";
import { fileSource, parseNpyHeader, readNpy, toFloat32, writeNpy } from "../checkpoints";
import {
  makeFolder,
  readFileBounded,
  RfmError,
  sha256,
  systemCode,
  writeFileAtomically,
  type ShardRecord,
} from "../files";

/** Longest header of an .npy file, with what stands before it. */
const HEADER_BYTES = 65_536 + 12;

/** Name of a shard's file. */
export function shardName({ start, end }: { readonly start: number; readonly end: number }): string {
  return `${start}-${end}.npy`;
}

/** Writes the scores of the faces from `start` on as a shard. */
export async function writeShard(
  folder: string,
  start: number,
  scores: Float32Array,
  columns: number,
): Promise<ShardRecord> {
  const end = start + scores.length / columns;
  const bytes = writeNpy(scores, [end - start, columns]);
  await makeFolder(folder);
  await writeFileAtomically(join(folder, shardName({ start, end })), bytes);
  return { start, end, sha256: sha256(bytes) };
}

/**
 * Checks that a shard is there and has the shape that its record says, without reading its scores: so that nobody
 * makes room for faces that a document only claims.
 * @throws RfmError("document") with the way to repair it
 */
export async function inspectShard(folder: string, shard: ShardRecord, columns: number): Promise<void> {
  const path = join(folder, shardName(shard));
  const header = await orBroken(path, async () => parseNpyHeader(await fileSource(path)));
  const [rows, width, ...more] = header.shape;
  if (
    rows === shard.end - shard.start &&
    width === columns &&
    more.length === 0 &&
    header.dtype === "float32"
  )
    return;
  throw broken(
    path,
    `holds ${header.dtype} ${header.shape.join("x")}, not float32 ${shard.end - shard.start}x${columns}`,
  );
}

/**
 * The scores of a shard, [end - start, columns].
 * @throws RfmError("document") where it is missing, changed or of another shape, with the way to repair it
 */
export async function readShard(folder: string, shard: ShardRecord, columns: number): Promise<Float32Array> {
  await inspectShard(folder, shard, columns);
  const path = join(folder, shardName(shard));
  const largest = (shard.end - shard.start) * columns * 4 + HEADER_BYTES;
  const bytes = await orBroken(path, () => readFileBounded(path, largest));
  if (shard.sha256 !== undefined && sha256(bytes) !== shard.sha256) {
    throw broken(path, "is not what its label set wrote");
  }
  return toFloat32(await orBroken(path, () => readNpy(bytes, path)));
}

async function orBroken<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RfmError && error.code === "file" && systemCode(error.cause) !== "ENOENT")
      throw error;
    const missing = error instanceof RfmError && error.code === "file";
    throw broken(path, missing ? "is missing" : "is no whole array of scores", error);
  }
}

function broken(path: string, what: string, cause?: unknown): RfmError {
  const sentence = `${path} ${what}; make it anew by labelling the same seeds with --resume, the rest of the set stays.`;
  return new RfmError("document", sentence, cause === undefined ? undefined : { cause });
}
