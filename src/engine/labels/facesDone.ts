import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { LabelsDocument } from "../files";
import { labelSetPaths } from "./labelSetFile";
import { partialName } from "./labelSetWriter";
import { recordBytes } from "./partialShard";
import { missingSpans } from "./spans";

/**
 * How many faces of a label set have scores: those of its shards, and those of the shard that was being written when the
 * work stopped, told by the size of its file. Fewer than all as long as a shard is not closed: then there is work left.
 *
 * @param name the path of the label set with or without `.labels.json`
 */
export async function facesDone(
  name: string,
  { count, batch, attributes, shards }: Pick<LabelsDocument, "count" | "batch" | "attributes" | "shards">,
): Promise<number> {
  const finished = shards.reduce((sum, { start, end }) => sum + (end - start), 0);
  const [open] = missingSpans(count, batch, shards);
  if (open === undefined) return finished;
  const bytes = await sizeIfThere(join(labelSetPaths(name).folder, partialName(open.start)));
  const batches = Math.floor(bytes / recordBytes(batch * attributes.length));
  return Math.min(finished + Math.min(batches * batch, open.end - open.start), count - 1);
}

async function sizeIfThere(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
