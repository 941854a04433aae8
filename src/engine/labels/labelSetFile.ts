import {
  documentSuffix,
  readDocument,
  RfmError,
  throwIfCancelled,
  writeDocument,
  type LabelsDocument,
} from "../files";
import { checkSeeds, seedsOf } from "./labelledSeeds";
import type { LabelSet } from "./labelSeeds";
import { inspectShard, readShard } from "./shard";
import { inspectCodes } from "./storedCodes";

/** Where a label set called NAME lies: `NAME.labels.json` and the folder `NAME.labels`. */
export interface LabelSetPaths {
  readonly document: string;
  readonly folder: string;
}

/** A label set with its document; without seeds where it holds codes instead. */
export interface StoredLabelSet extends LabelSet {
  readonly document: LabelsDocument;
}

/** @param name the path of the label set with or without `.labels.json` */
export function labelSetPaths(name: string): LabelSetPaths {
  const suffix = documentSuffix("labels");
  const base = name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
  return { document: base + suffix, folder: `${base}.labels` };
}

/**
 * Reads a finished label set with all its scores. The files are looked at before room is made for what they should hold.
 * Scores may be NaN or infinite where a scorer gave such: {@link scoreProblems} tells.
 *
 * @throws RfmError where it is not finished, names a seed twice, or a shard is missing or changed.
 */
export async function readLabelSet(name: string, signal?: AbortSignal): Promise<StoredLabelSet> {
  const paths = labelSetPaths(name);
  const document = await readDocument(paths.document, "labels");
  const { attributes, count, shards, seeds } = document;
  if (seeds !== undefined) checkSeeds(seeds, paths.document, "document");
  const columns = attributes.length;
  let next = 0;
  for (const shard of shards) {
    if (shard.start !== next) throw unfinished(paths, next, shard.start, count);
    await inspectShard(paths.folder, shard, columns);
    if (seeds === undefined) await inspectCodes(paths.folder, shard);
    next = shard.end;
  }
  if (next !== count) throw unfinished(paths, next, count, count);
  const scores = new Float32Array(count * columns);
  for (const shard of shards) {
    throwIfCancelled(signal);
    scores.set(await readShard(paths.folder, shard, columns), shard.start * columns);
  }
  const named = seeds === undefined ? [] : seedsOf(document, paths.document);
  return { seeds: named, attributes, scores, document };
}

/** Writes the document itself. */
export async function writeLabelDocument(paths: LabelSetPaths, document: LabelsDocument): Promise<void> {
  await writeDocument(paths.document, document);
}

function unfinished({ document }: LabelSetPaths, from: number, to: number, count: number): RfmError {
  const what = from === 0 && to === count ? "of all" : `${from} to ${to - 1} of`;
  return new RfmError(
    "document",
    `${document} lacks the scores ${what} its ${count} faces; finish it by labelling the same seeds with --resume.`,
  );
}
