import { access, rm } from "node:fs/promises";
import {
  makeFolder,
  readDocument,
  RfmError,
  withLock,
  type LabelsDocument,
  type RunBlock,
  type SeedRange,
} from "../files";
import { DEFAULT_BATCH, labelBatches, type LabellingOptions } from "./labelBatches";
import { labelSetPaths, readShard, writeLabelDocument, type LabelSetPaths } from "./labelSetFile";
import { LabelSetWriter } from "./labelSetWriter";
import type { FaceSource, Scorer } from "./scorer";

export interface CreateLabelSetOptions extends LabellingOptions {
  /** Go on with a label set that is already there instead of refusing it. */
  readonly resume?: boolean;
  readonly run: RunBlock;
}

/**
 * Labels a range of seeds into `NAME.labels.json` and `NAME.labels/`. Every batch is on the disk before the next one begins,
 * so that a kill at any moment loses at most one; resuming ends with the same bytes (outside `run`) as never having stopped.
 *
 * @throws RfmError("file") where the set exists and `resume` is not asked for; "usage" where it was begun otherwise.
 */
export async function createLabelSet(
  name: string,
  model: FaceSource,
  scorer: Scorer,
  seeds: SeedRange,
  options: CreateLabelSetOptions,
): Promise<LabelsDocument> {
  const paths = labelSetPaths(name);
  const wanted = blankDocument(model, scorer, seeds, options);
  return withLock(paths.document, async () => {
    const started = await begin(paths, wanted, options.resume === true);
    return label(paths, started, model, scorer, options);
  });
}

async function label(
  paths: LabelSetPaths,
  started: LabelsDocument,
  model: FaceSource,
  scorer: Scorer,
  options: CreateLabelSetOptions,
): Promise<LabelsDocument> {
  const firstSeed = firstSeedOf(started);
  const seeds = Array.from({ length: started.count }, (_, i) => firstSeed + i);
  const writer = await LabelSetWriter.open(paths, started, options.run);
  try {
    const settings = { ...options, batch: started.batch };
    for await (const { scores } of labelBatches(model, scorer, seeds, settings, writer.position)) {
      await writer.append(scores);
    }
    return writer.document;
  } finally {
    await writer.close();
  }
}

function blankDocument(
  model: FaceSource,
  scorer: Scorer,
  seeds: SeedRange,
  options: CreateLabelSetOptions,
): LabelsDocument {
  return {
    kind: "labels",
    version: 1,
    model: { name: model.name, sha256: model.sha256 },
    scorer: { name: scorer.name, sha256: scorer.sha256 },
    space: "w",
    ...(options.psi === undefined ? {} : { psi: options.psi }),
    ...(options.cutoff === undefined ? {} : { cutoff: options.cutoff }),
    count: seeds.end - seeds.start,
    batch: options.batch ?? DEFAULT_BATCH,
    seeds: { start: seeds.start, end: seeds.end },
    attributes: scorer.attributes,
    shards: [],
    run: options.run,
  };
}

/** A fresh set, or the one that is there if it was begun with the same settings and its shards are whole. */
async function begin(paths: LabelSetPaths, wanted: LabelsDocument, resume: boolean): Promise<LabelsDocument> {
  if (!(await exists(paths.document))) {
    await rm(paths.folder, { recursive: true, force: true });
    await makeFolder(paths.folder);
    await writeLabelDocument(paths, wanted);
    return wanted;
  }
  if (!resume) {
    throw new RfmError(
      "file",
      `${paths.document} exists already; go on with it by --resume, or choose another name.`,
    );
  }
  const found = await readDocument(paths.document, "labels");
  if (settingsOf(found) !== settingsOf(wanted)) {
    throw new RfmError(
      "usage",
      `${paths.document} was begun with another model, scorer, range or truncation; repeat those or choose another name.`,
    );
  }
  await makeFolder(paths.folder);
  const whole = [];
  for (const shard of found.shards) {
    try {
      await readShard(paths, shard, found.attributes.length);
    } catch {
      // Everything from the first bad shard on is labelled again.
      break;
    }
    whole.push(shard);
  }
  return { ...found, shards: whole };
}

/** What must not change between the beginning and the end; numbers as the document keeps them, float32. */
function settingsOf(document: LabelsDocument): string {
  const { model, scorer, psi, cutoff, count, batch } = document;
  const truncation = [psi === undefined ? null : Math.fround(psi), cutoff];
  return JSON.stringify([model.sha256, scorer.sha256, truncation, count, batch, firstSeedOf(document)]);
}

function firstSeedOf({ seeds }: LabelsDocument): number {
  if (seeds === undefined || !("start" in seeds)) return NaN;
  return seeds.start;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
