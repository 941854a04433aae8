import { RfmError, type Changes, type Edit, type LeakRecord } from "../../files";
import type { MeanChange, ScoredFaces, ScoringHooks } from "./scoredFaces";

/** Deviations by which the own score rises while the others are watched. */
export const RISE = 1;
/** Less than this says nothing of what else changes. */
const LEAST_RISE = 0.1;

/** Edits by one sigma along a direction before and after conditioning, and along what each way of it gave. */
export interface LeakEdits {
  readonly before: Edit;
  readonly after: Edit;
  readonly projection?: Edit;
  readonly gradient?: Edit;
}

/**
 * How far the other scores move while the own one rises equally far along each of several directions, by one deviation, or by
 * what the weakest of them reaches.
 *
 * @param own column of the directions' own score
 * @throws RfmError("usage") where one of them hardly moves its own score.
 */
export async function measureLeaks(
  edits: LeakEdits,
  own: number,
  faces: ScoredFaces,
  hooks: ScoringHooks = {},
): Promise<LeakRecord> {
  const names = Object.keys(edits) as (keyof LeakEdits)[];
  const found = await changesAt(RISE);
  const rises = [...found.values()].map(({ change }) => change[own] ?? NaN);
  const least = Math.min(...rises);
  if (!(least >= LEAST_RISE)) {
    const name = faces.scorer.attributes[own]?.name ?? "its attribute";
    throw new RfmError(
      "usage",
      `The direction hardly raises ${name} on re-scored faces (by ${least.toFixed(2)} deviations), so what leaks cannot be told; see whether its layers carry it.`,
    );
  }
  const reached = least >= RISE * 0.95;
  const equal = reached ? found : await changesAt(least * 0.95);
  const changes = Object.fromEntries([...equal].map(([name, { change }]) => [name, told(change)]));
  return { faces: faces.count, ...(!reached && { rise: least * 0.95 }), before: {}, after: {}, ...changes };

  async function changesAt(rise: number): Promise<Map<keyof LeakEdits, MeanChange>> {
    const changes = new Map<keyof LeakEdits, MeanChange>();
    const known = new Map<Edit, MeanChange>();
    for (const name of names) {
      const edit = edits[name];
      if (edit === undefined) continue;
      // `after` is one of the ways, which need not be measured twice.
      const change = known.get(edit) ?? (await faces.changeAtRise(edit, own, rise, hooks));
      known.set(edit, change);
      changes.set(name, change);
    }
    return changes;
  }

  function told(change: readonly number[]): Changes {
    return Object.fromEntries(
      faces.scorer.attributes.flatMap(({ name }, k) =>
        k === own ? [] : [[name, change[k] ?? NaN] as const],
      ),
    );
  }
}
