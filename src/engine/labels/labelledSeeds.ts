import { RfmError, type LabelsDocument, type SeedRange } from "../files";

/** The faces of a label set: a range of seeds, or a list. */
export type LabelledSeeds = SeedRange | readonly number[];

/** More faces than this in one set are refused: make several sets and merge what is needed. */
export const MAXIMUM_FACES = 10_000_000;
/** Lists stand in the document one by one, and documents are bounded. */
const MAXIMUM_LISTED = 2_000_000;

/** Seeds in the form that documents keep: consecutive ones as a range. */
export function asLabelledSeeds(seeds: readonly number[]): LabelledSeeds {
  const [first = 0] = seeds;
  const isRange = seeds.length > 0 && seeds.every((seed, index) => seed === first + index);
  return isRange ? { start: first, end: first + seeds.length } : seeds;
}

export function countOf(seeds: LabelledSeeds): number {
  return isRange(seeds) ? seeds.end - seeds.start : seeds.length;
}

/** Seeds one by one. */
export function listOf(seeds: LabelledSeeds): number[] {
  if (!isRange(seeds)) return [...seeds];
  return Array.from({ length: countOf(seeds) }, (_, index) => seeds.start + index);
}

/**
 * The seeds of a label set, one by one.
 * @param name for sentences
 * @throws RfmError("document") where it holds w instead
 */
export function seedsOf({ seeds }: LabelsDocument, name: string): number[] {
  if (seeds === undefined) {
    throw new RfmError("document", `${name} holds latents instead of seeds; label seeds to make a new set.`);
  }
  return listOf(seeds);
}

/**
 * Refuses too many seeds, and lists that name a face twice: it would count twice in every fit.
 * @param where what names the seeds, for the sentence
 * @param code "usage" where a person wrote them, "document" where a file holds them
 */
export function checkSeeds(seeds: LabelledSeeds, where: string, code: "usage" | "document"): void {
  const count = countOf(seeds);
  const limit = isRange(seeds) ? MAXIMUM_FACES : MAXIMUM_LISTED;
  if (!(count <= limit)) {
    throw new RfmError(code, `${where} names ${count} seeds, more than ${limit}; make several smaller sets.`);
  }
  if (isRange(seeds)) return;
  const known = new Map<number, number>();
  for (const seed of seeds) {
    // As in PyTorch only the low 32 bits of a seed count.
    const face = seed % 2 ** 32;
    const other = known.get(face);
    if (other !== undefined) {
      const twice =
        other === seed ? `names the seed ${seed} twice` : `names ${other} and ${seed}, the same face`;
      throw new RfmError(code, `${where} ${twice}; name each face once.`);
    }
    known.set(face, seed);
  }
}

/** "5 to 99" or "1, 5, 9": for sentences. */
export function seedsText(seeds: LabelledSeeds): string {
  if (isRange(seeds)) return `the seeds ${seeds.start} to ${seeds.end - 1}`;
  return `${seeds.length} listed seeds (${seeds.slice(0, 3).join(", ")}${seeds.length > 3 ? ", ..." : ""})`;
}

function isRange(seeds: LabelledSeeds): seeds is SeedRange {
  return "start" in seeds;
}
