import type { LabelSet } from "./labelSeeds";

/** Scores of one attribute that are no numbers. */
export interface ScoreProblem {
  readonly attribute: string;
  readonly column: number;
  /** Faces with NaN or an infinite score. */
  readonly faces: number;
  /** The first of them. */
  readonly seed: number;
  /** One sentence. */
  readonly message: string;
}

/**
 * The attributes with NaN or infinite scores; all others are sound.
 * @param where the label set's name, for the sentences
 */
export function scoreProblems({ seeds, attributes, scores }: LabelSet, where: string): ScoreProblem[] {
  const columns = attributes.length;
  return attributes.flatMap(({ name }, column) => {
    const bad = seeds.flatMap((_, row) => (Number.isFinite(scores[row * columns + column]) ? [] : [row]));
    const [first] = bad;
    const seed = first === undefined ? undefined : seeds[first];
    if (first === undefined || seed === undefined) return [];
    const value = scores[first * columns + column] ?? NaN;
    const more = bad.length > 1 ? ` and no number for ${bad.length - 1} more` : "";
    const message = `${where} has the score ${value} of "${name}" for the seed ${seed}${more}; leave the attribute out, or label those faces with another scorer.`;
    return [{ attribute: name, column, faces: bad.length, seed, message }];
  });
}
