import { access, rm } from "node:fs/promises";
import {
  makeFolder,
  RfmError,
  throwIfCancelled,
  withLock,
  type LabelsDocument,
  type ShardRecord,
} from "../files";
import { labelSetPaths, writeLabelDocument } from "./labelSetFile";
import { writeShard } from "./shard";
import { missingSpans } from "./spans";
import { writeCodes } from "./storedCodes";

/** Everything of a label set but its shards, which are made of these arrays. */
export interface WholeLabelSet {
  readonly document: Omit<LabelsDocument, "shards">;
  /** Row-major [count, attributes]. */
  readonly scores: Float32Array;
  /** Where the document names no seeds: [count, ...shape]. */
  readonly codes?: { readonly data: Float32Array; readonly shape: readonly number[] };
}

/**
 * Writes a label set whose scores are known: shards first, the document last. Until then no label set is there, and what
 * fails leaves nothing.
 *
 * @param name with or without `.labels.json`
 * @throws RfmError("file") where there is one of this name already.
 */
export async function writeLabelSet(
  name: string,
  { document, scores, codes }: WholeLabelSet,
  signal?: AbortSignal,
): Promise<LabelsDocument> {
  const paths = labelSetPaths(name);
  const columns = document.attributes.length;
  await refuseExisting(paths.document);
  await refuseExisting(paths.folder);
  await makeFolder(paths.folder);
  return withLock(paths.document, async () => {
    try {
      await refuseExisting(paths.document);
      const shards: ShardRecord[] = [];
      for (const span of missingSpans(document.count, document.batch, [])) {
        throwIfCancelled(signal);
        const { start, end } = span;
        const shard = await writeShard(
          paths.folder,
          start,
          scores.subarray(start * columns, end * columns),
          columns,
        );
        if (codes === undefined) {
          shards.push(shard);
          continue;
        }
        const size = codes.data.length / document.count;
        const part = codes.data.subarray(start * size, end * size);
        shards.push({ ...shard, codesSha256: await writeCodes(paths.folder, span, part, codes.shape) });
      }
      const finished: LabelsDocument = { ...document, shards };
      await writeLabelDocument(paths, finished);
      return finished;
    } catch (error) {
      await rm(paths.folder, { recursive: true, force: true });
      throw error;
    }
  });
}

async function refuseExisting(path: string): Promise<void> {
  try {
    await access(path);
  } catch {
    return;
  }
  throw new RfmError("file", `${path} exists already; choose another name.`);
}
