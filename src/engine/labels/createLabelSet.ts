import { makeFolder, RfmError, withLock, type LabelsDocument, type RunBlock } from "../files";
import { beginLabelSet } from "./beginLabelSet";
import { DEFAULT_BATCH, labelBatches, type LabellingOptions } from "./labelBatches";
import { checkSeeds, countOf, seedsOf, seedsText, type LabelledSeeds } from "./labelledSeeds";
import { labelSetPaths } from "./labelSetFile";
import { LabelSetWriter } from "./labelSetWriter";
import type { FaceSource, Scorer } from "./scorer";

export interface CreateLabelSetOptions extends LabellingOptions {
  /** Go on with a label set that is already there instead of refusing it. */
  readonly resume?: boolean;
  readonly run: RunBlock;
}

/**
 * Labels seeds into `NAME.labels.json` and `NAME.labels/`. Every batch is written before the next one begins, so that a
 * kill at any moment loses at most one; resuming ends with the same bytes (outside `run`) as never having stopped. Resuming
 * also repairs: missing and damaged shards are labelled again, the others stay.
 *
 * @throws RfmError("file") where the set exists and `resume` is not asked for; "usage" where it was begun otherwise, or
 * seeds are named twice.
 */
export async function createLabelSet(
  name: string,
  model: FaceSource,
  scorer: Scorer,
  seeds: LabelledSeeds,
  options: CreateLabelSetOptions,
): Promise<LabelsDocument> {
  const paths = labelSetPaths(name);
  checkSeeds(seeds, "The label set", "usage");
  if (countOf(seeds) < 1)
    throw new RfmError("usage", `${seedsText(seeds)} are none; name at least one seed.`);
  const wanted = blankDocument(model, scorer, seeds, options);
  await makeFolder(paths.folder);
  return withLock(paths.document, async () => {
    const begun = await beginLabelSet(paths, wanted, {
      resume: options.resume === true,
      // Who names no batch size goes on with the one that the set was begun with.
      anyBatch: options.batch === undefined,
    });
    const writer = new LabelSetWriter(paths, begun, options.run);
    try {
      await fill(writer, model, scorer, options);
      return writer.document;
    } finally {
      await writer.close();
    }
  });
}

async function fill(
  writer: LabelSetWriter,
  model: FaceSource,
  scorer: Scorer,
  { signal, onProgress }: CreateLabelSetOptions,
): Promise<void> {
  const { batch, count, psi, cutoff } = writer.document;
  const seeds = seedsOf(writer.document, writer.paths.document);
  const settings = {
    batch,
    signal,
    ...(psi !== undefined && { psi }),
    ...(cutoff !== undefined && { cutoff }),
  };
  for (let span = await writer.next(); span !== undefined; span = await writer.next()) {
    for await (const { scores } of labelBatches(model, scorer, seeds, settings, span)) {
      await writer.append(scores);
      onProgress?.({ done: writer.done, total: count });
    }
  }
}

function blankDocument(
  model: FaceSource,
  scorer: Scorer,
  seeds: LabelledSeeds,
  options: CreateLabelSetOptions,
): LabelsDocument {
  // What the model would do by default is written down: defaults may change, the labelled faces do not.
  const psi = options.psi ?? model.psi?.default;
  const cutoff = options.cutoff === undefined ? model.psi?.cutoff : options.cutoff;
  return {
    kind: "labels",
    version: 1,
    model: { name: model.name, sha256: model.sha256 },
    scorer: { name: scorer.name, sha256: scorer.sha256 },
    space: model.space === "z" ? "z" : "w",
    ...(psi === undefined ? {} : { psi }),
    ...(cutoff === undefined ? {} : { cutoff }),
    count: countOf(seeds),
    batch: options.batch ?? DEFAULT_BATCH,
    seeds,
    attributes: scorer.attributes,
    shards: [],
    run: options.run,
  };
}
