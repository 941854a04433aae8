import type { LabelSet } from "./labelSeeds";

/** Scores of one attribute that are no numbers. */
export interface ScoreProblem {
  readonly attribute: string;
  readonly column: number;
  /** Faces with NaN or an infinite score. */
  readonly faces: number;
  /** The first of them; its row where the set has no seeds. */
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
  const rows = Array.from({ length: scores.length / columns }, (_, row) => row);
  return attributes.flatMap(({ name }, column) => {
    const bad = rows.flatMap((row) => (Number.isFinite(scores[row * columns + column]) ? [] : [row]));
    const [first] = bad;
    if (first === undefined) return [];
    const seed = seeds[first] ?? first;
    const value = scores[first * columns + column] ?? NaN;
    const more = bad.length > 1 ? ` and no number for ${bad.length - 1} more` : "";
    const message = `${where} has the score ${value} of "${name}" for the ${seeds.length > 0 ? "seed" : "face"} ${seed}${more}; leave the attribute out, or label those faces with another scorer.`;
    return [{ attribute: name, column, faces: bad.length, seed, message }];
  });
}
