import { RfmError, type LabelsDocument, type RunBlock } from "../files";
import { asLabelledSeeds, checkSeeds, countOf, seedsOf } from "./labelledSeeds";
import { labelSetPaths, readLabelSet, type StoredLabelSet } from "./labelSetFile";
import { settingsDifference } from "./sameSettings";
import { writeLabelSet } from "./writeLabelSet";

export interface MergeOptions {
  /** Merge sets that leave seeds out between them; the result names its seeds one by one. */
  readonly allowGaps?: boolean;
  readonly run: RunBlock;
  readonly signal?: AbortSignal | undefined;
}

/** What {@link mergeLabelSets} did. */
export interface MergedLabelSets {
  readonly document: LabelsDocument;
  /** Faces that more than one set had, with the same scores. */
  readonly repeated: number;
}

/** One face of one of the sets. */
interface Row {
  readonly set: number;
  readonly row: number;
}

/**
 * Scores of one face this far apart, relative to 1 + |score|, are one: networks run in other batches, with other numbers of
 * threads or on other processors round differently.
 */
const SAME_SCORE = 1e-3;

/**
 * Merges finished label sets of the same model, scorer, attributes and truncation into a new one, in the order of the seeds.
 * Batch sizes may differ; the new set has the first one's. Where several sets have a face with the same scores (up to
 * rounding), the first one's are taken.
 *
 * @param names of the sets, with or without `.labels.json`
 * @throws RfmError("usage") where the sets do not belong together: which of them, and in what; "file" where `out` exists
 */
export async function mergeLabelSets(
  names: readonly string[],
  out: string,
  options: MergeOptions,
): Promise<MergedLabelSets> {
  const sets: StoredLabelSet[] = [];
  for (const name of names) sets.push(await readLabelSet(name, options.signal));
  const [first] = sets;
  if (first === undefined) throw new RfmError("usage", "No label sets are named; name those to merge.");
  const documents = names.map((name) => labelSetPaths(name).document);
  // Faces are told from each other by their seeds alone.
  sets.forEach(({ document }, index) => seedsOf(document, documents[index] ?? ""));
  refuseStrangers(sets, documents);
  const { rows, repeated } = rowsBySeed(sets, documents);
  const seeds = asLabelledSeeds([...rows.keys()].sort((a, b) => a - b));
  if (!("start" in seeds) && options.allowGaps !== true) throw gapBetween(seeds);
  checkSeeds(seeds, "The merged set", "usage");
  const document = { ...first.document, count: countOf(seeds), seeds, run: options.run };
  const order = [...rows.entries()].sort(([a], [b]) => a - b).map(([, row]) => row);
  const columns = first.attributes.length;
  const scores = new Float32Array(order.length * columns);
  order.forEach(({ set, row }, index) => {
    const from = sets[set]?.scores.subarray(row * columns, (row + 1) * columns);
    if (from !== undefined) scores.set(from, index * columns);
  });
  return { document: await writeLabelSet(out, { document, scores }, options.signal), repeated };
}

function refuseStrangers(sets: readonly StoredLabelSet[], documents: readonly string[]): void {
  const [first, ...others] = sets;
  if (first === undefined) return;
  others.forEach(({ document }, index) => {
    const difference = settingsDifference(first.document, document);
    if (difference === undefined) return;
    throw new RfmError(
      "usage",
      `${documents[0]} and ${documents[index + 1]} cannot be one label set: the first has ${difference}; merge sets that were labelled alike.`,
    );
  });
}

function rowsBySeed(
  sets: readonly StoredLabelSet[],
  documents: readonly string[],
): { rows: Map<number, Row>; repeated: number } {
  const rows = new Map<number, Row>();
  let repeated = 0;
  sets.forEach(({ seeds }, set) => {
    seeds.forEach((seed, row) => {
      const known = rows.get(seed);
      if (known === undefined) {
        rows.set(seed, { set, row });
        return;
      }
      refuseOtherScores(sets, documents, seed, known, { set, row });
      repeated++;
    });
  });
  return { rows, repeated };
}

function refuseOtherScores(
  sets: readonly StoredLabelSet[],
  documents: readonly string[],
  seed: number,
  a: Row,
  b: Row,
): void {
  const attributes = sets[a.set]?.attributes ?? [];
  attributes.forEach(({ name }, column) => {
    const [one, two] = [a, b].map(
      ({ set, row }) => sets[set]?.scores[row * attributes.length + column] ?? NaN,
    ) as [number, number];
    // Infinities of one sign and two NaN are the same; the difference of others is NaN and is refused.
    if (Object.is(one, two) || Math.abs(one - two) <= SAME_SCORE * (1 + Math.abs(one))) return;
    throw new RfmError(
      "usage",
      `${documents[a.set]} gives the seed ${seed} the score ${one} of "${name}", but ${documents[b.set]} gives it ${two}; find out which is right and leave the other out.`,
    );
  });
}

function gapBetween(seeds: readonly number[]): RfmError {
  const index = seeds.findIndex((seed, at) => at > 0 && seed !== (seeds[at - 1] ?? seed) + 1);
  const [from, to] = [(seeds[index - 1] ?? 0) + 1, (seeds[index] ?? 0) - 1];
  const which = from === to ? `the seed ${from}` : `the seeds ${from} to ${to}`;
  return new RfmError(
    "usage",
    `None of the sets has ${which}; label what is missing, or merge with --allow-gaps.`,
  );
}
