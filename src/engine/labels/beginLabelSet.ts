import { access, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  fileFailure,
  readDocument,
  RfmError,
  systemCode,
  type LabelsDocument,
  type ShardRecord,
} from "../files";
import { asLabelledSeeds, seedsOf, seedsText } from "./labelledSeeds";
import { writeLabelDocument, type LabelSetPaths } from "./labelSetFile";
import { partialName } from "./labelSetWriter";
import { settingsDifference } from "./sameSettings";
import { readShard, shardName } from "./shard";
import { isAligned, missingSpans } from "./spans";

export interface BeginOptions {
  readonly resume: boolean;
  /** Take the batch size of the set that is there. */
  readonly anyBatch: boolean;
}

/**
 * The document to fill: a fresh one on the disk, or the one that is there, if it was begun with the same settings, less its
 * missing and damaged shards. What killed runs left behind is removed. Call it under the set's lock.
 *
 * @throws RfmError("file" | "usage") with what stands in the way
 */
export async function beginLabelSet(
  paths: LabelSetPaths,
  wanted: LabelsDocument,
  { resume, anyBatch }: BeginOptions,
): Promise<LabelsDocument> {
  if (!(await exists(paths.document))) {
    await refuseOrphans(paths);
    await writeLabelDocument(paths, wanted);
    await removeLeftovers(paths, wanted);
    return wanted;
  }
  if (!resume) {
    throw new RfmError(
      "file",
      `${paths.document} exists already; go on with it by --resume, or choose another name.`,
    );
  }
  const found = await readDocument(paths.document, "labels");
  refuseOtherSettings(paths, found, anyBatch ? { ...wanted, batch: found.batch } : wanted);
  const begun = { ...found, shards: await wholeShards(paths, found) };
  await removeLeftovers(paths, begun);
  return begun;
}

function refuseOtherSettings(paths: LabelSetPaths, found: LabelsDocument, wanted: LabelsDocument): void {
  const difference =
    settingsDifference(found, wanted) ?? batchDifference(found, wanted) ?? seedsDifference(found, wanted);
  if (difference === undefined) return;
  throw new RfmError(
    "usage",
    `${paths.document} was begun with ${difference}; go on with what it was begun with, or choose another name.`,
  );
}

function batchDifference(found: LabelsDocument, wanted: LabelsDocument): string | undefined {
  if (found.batch === wanted.batch) return undefined;
  return `batches of ${found.batch} faces, not of ${wanted.batch}`;
}

function seedsDifference(found: LabelsDocument, wanted: LabelsDocument): string | undefined {
  if (JSON.stringify(found.seeds) === JSON.stringify(wanted.seeds)) return undefined;
  const [there, asked] = [seedsOf(found, "it"), seedsOf(wanted, "it")];
  if (there.length === asked.length && there.every((seed, index) => seed === asked[index])) return undefined;
  return `${seedsText(asLabelledSeeds(there))}, not ${seedsText(asLabelledSeeds(asked))}`;
}

async function wholeShards({ folder }: LabelSetPaths, found: LabelsDocument): Promise<ShardRecord[]> {
  const whole: ShardRecord[] = [];
  for (const shard of found.shards) {
    if (!isAligned(shard, found.count, found.batch)) continue;
    try {
      await readShard(folder, shard, found.attributes.length);
    } catch (error) {
      // A broken shard is labelled again; that the disk cannot be read is another matter.
      if (error instanceof RfmError && error.code === "document") continue;
      throw error;
    }
    whole.push(shard);
  }
  return whole;
}

/** Scores without their document may be somebody's work: they are not written over. */
async function refuseOrphans({ document, folder }: LabelSetPaths): Promise<void> {
  const [first] = await namesIn(folder);
  if (first === undefined) return;
  throw new RfmError(
    "file",
    `${folder} holds ${first} but ${basename(document)} beside it is gone; move the folder away or choose another name.`,
  );
}

/** Temporary files, open shards and shards that nothing refers to any more: a set looks the same however it came to be. */
async function removeLeftovers(
  paths: LabelSetPaths,
  { shards, count, batch }: LabelsDocument,
): Promise<void> {
  const kept = new Set([
    ...shards.map(shardName),
    ...missingSpans(count, batch, shards).map(({ start }) => partialName(start)),
  ]);
  for (const name of await namesIn(paths.folder)) {
    const ours = /^\d+-\d+\.npy$|^\d+\.partial$|^\.\d+-\d+\.npy\.[0-9a-f]+\.tmp$/.test(name);
    if (ours && !kept.has(name)) await remove(join(paths.folder, name));
  }
  const temporary = `.${basename(paths.document).slice(0, 80)}.`;
  for (const name of await namesIn(dirname(paths.document))) {
    const rest = name.startsWith(temporary) ? name.slice(temporary.length) : "";
    if (/^[0-9a-f]{12}\.tmp$/.test(rest)) await remove(join(dirname(paths.document), name));
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw fileFailure(folder, "list", error);
  }
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw fileFailure(path, "write", error);
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
