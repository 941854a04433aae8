import { join } from "node:path";
import { fileSource, parseNpyHeader, readNpy, toFloat32, writeNpy } from "../checkpoints";
import {
  makeFolder,
  readFileBounded,
  RfmError,
  sha256,
  writeFileAtomically,
  type LabelsDocument,
  type ShardRecord,
} from "../files";
import type { LabelSetPaths } from "./labelSetFile";
import type { Span } from "./spans";

/** Longest header of an .npy file, with what stands before it. */
const HEADER_BYTES = 65_536 + 12;

/** Name of the file with the codes of a shard's faces. */
export function codesName({ start, end }: Span): string {
  return `${start}-${end}.w.npy`;
}

/**
 * Writes the codes of a shard's faces beside its scores.
 *
 * @param shape of one code: [D], or [L,D] for w+.
 * @returns the hash of the file.
 */
export async function writeCodes(
  folder: string,
  span: Span,
  codes: Float32Array,
  shape: readonly number[],
): Promise<string> {
  const bytes = writeNpy(codes, [span.end - span.start, ...shape]);
  await makeFolder(folder);
  await writeFileAtomically(join(folder, codesName(span)), bytes);
  return sha256(bytes);
}

/**
 * The codes [n, ...shape] of a label set that names no seeds. Every file is looked at before room is made for them all.
 *
 * @param shape of one code: [D], or [L,D] for w+.
 * @throws RfmError("document") where a file is missing, changed, or holds codes of another shape.
 */
export async function readStoredCodes(
  { folder }: LabelSetPaths,
  { shards, count }: LabelsDocument,
  shape: readonly number[],
): Promise<Float32Array> {
  const size = shape.reduce((product, width) => product * width, 1);
  for (const shard of shards) await inspectCodes(folder, shard, shape);
  const codes = new Float32Array(count * size);
  for (const shard of shards) {
    const path = join(folder, codesName(shard));
    const bytes = await orBroken(path, () =>
      readFileBounded(path, (shard.end - shard.start) * size * 4 + HEADER_BYTES),
    );
    if (shard.codesSha256 !== undefined && sha256(bytes) !== shard.codesSha256)
      throw broken(path, "is not what its label set wrote");
    const rows = toFloat32(await orBroken(path, () => readNpy(bytes, path)));
    if (!rows.every(Number.isFinite)) throw broken(path, "holds NaN or infinity");
    codes.set(rows, shard.start * size);
  }
  return codes;
}

/**
 * Checks that the codes of a shard's faces are there, without reading them.
 *
 * @param shape of one code, where it is known.
 * @throws RfmError("document") where they are not.
 */
export async function inspectCodes(
  folder: string,
  shard: ShardRecord,
  shape?: readonly number[],
): Promise<void> {
  const path = join(folder, codesName(shard));
  const header = await orBroken(path, async () => parseNpyHeader(await fileSource(path)));
  const wanted = [shard.end - shard.start, ...(shape ?? header.shape.slice(1))].join("x");
  if (header.dtype === "float32" && header.shape.join("x") === wanted) return;
  throw broken(path, `holds ${header.dtype} ${header.shape.join("x")}, not float32 ${wanted}`);
}

async function orBroken<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const missing = error instanceof RfmError && error.code === "file";
    throw broken(path, missing ? "cannot be read" : "is no whole array of codes", error);
  }
}

function broken(path: string, what: string, cause?: unknown): RfmError {
  return new RfmError(
    "document",
    `${path} ${what}; import the label set again.`,
    cause === undefined ? undefined : { cause },
  );
}
