import { join } from "node:path";
import { readNpy, toFloat32, writeNpy } from "../checkpoints";
import {
  documentSuffix,
  makeFolder,
  readDocument,
  readFileBounded,
  RfmError,
  sha256,
  writeDocument,
  writeFileAtomically,
  type LabelsDocument,
  type ShardRecord,
} from "../files";
import type { LabelSet } from "./labelSeeds";

/** No shard is larger. */
const MAXIMUM_BYTES = 1 << 30;

/** Where a label set called NAME lies: `NAME.labels.json` and the folder `NAME.labels`. */
export interface LabelSetPaths {
  readonly document: string;
  readonly folder: string;
}

/** @param name the path of the label set with or without `.labels.json` */
export function labelSetPaths(name: string): LabelSetPaths {
  const suffix = documentSuffix("labels");
  const base = name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
  return { document: base + suffix, folder: `${base}.labels` };
}

/** The seeds of a label set, one by one. @throws RfmError("document") where it holds w instead. */
export function seedsOf(document: LabelsDocument, name: string): number[] {
  const { seeds } = document;
  if (seeds === undefined) {
    throw new RfmError("document", `${name} holds latents instead of seeds; label seeds to make a new set.`);
  }
  if (!("start" in seeds)) return [...seeds];
  return Array.from({ length: seeds.end - seeds.start }, (_, i) => seeds.start + i);
}

/** Writes the scores of the faces [start, end) as a shard. */
export async function writeShard(
  { folder }: LabelSetPaths,
  start: number,
  scores: Float32Array,
  columns: number,
): Promise<ShardRecord> {
  const end = start + scores.length / columns;
  const bytes = writeNpy(scores, [end - start, columns]);
  await makeFolder(folder);
  await writeFileAtomically(shardPath(folder, { start, end }), bytes);
  return { start, end, sha256: sha256(bytes) };
}

/** The scores of a shard. @throws RfmError where it is missing, changed or of another shape. */
export async function readShard(
  { folder }: LabelSetPaths,
  shard: ShardRecord,
  columns: number,
): Promise<Float32Array> {
  const path = shardPath(folder, shard);
  const bytes = await readFileBounded(path, MAXIMUM_BYTES);
  if (shard.sha256 !== undefined && sha256(bytes) !== shard.sha256) {
    throw new RfmError(
      "document",
      `${path} is not what its label set wrote; delete it and label with --resume.`,
    );
  }
  const tensor = await readNpy(bytes, path);
  if (
    tensor.shape.length !== 2 ||
    tensor.shape[0] !== shard.end - shard.start ||
    tensor.shape[1] !== columns
  ) {
    throw new RfmError(
      "document",
      `${path} has the shape ${tensor.shape.join("x")}, not ${shard.end - shard.start}x${columns}; delete it and label with --resume.`,
    );
  }
  return toFloat32(tensor);
}

/**
 * Reads a finished label set with all its scores.
 * @throws RfmError where it is not finished, or a shard is missing or changed.
 */
export async function readLabelSet(name: string): Promise<LabelSet & { readonly document: LabelsDocument }> {
  const paths = labelSetPaths(name);
  const document = await readDocument(paths.document, "labels");
  const columns = document.attributes.length;
  const scores = new Float32Array(document.count * columns);
  let next = 0;
  for (const shard of document.shards) {
    if (shard.start !== next) break;
    scores.set(await readShard(paths, shard, columns), shard.start * columns);
    next = shard.end;
  }
  if (next !== document.count) {
    throw new RfmError(
      "document",
      `${paths.document} has scores for ${next} of its ${document.count} faces; finish it by labelling with --resume.`,
    );
  }
  return { seeds: seedsOf(document, paths.document), attributes: document.attributes, scores, document };
}

/** Writes the document itself. */
export async function writeLabelDocument(paths: LabelSetPaths, document: LabelsDocument): Promise<void> {
  await writeDocument(paths.document, document);
}

function shardPath(folder: string, { start, end }: ShardRecord): string {
  return join(folder, `${start}-${end}.npy`);
}
