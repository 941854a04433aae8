import { seededUniform } from "./random";

/** Judged faces by rising decision value. */
export interface Ranking {
  /** By position: 1 where the face is positive. */
  readonly positive: Uint8Array;
  /** Positions behind the last one of each group of equal decisions, ascending. */
  readonly ends: Int32Array;
}

/** @param labels whether each decision's face is positive */
export function rankingOf(decisions: Float64Array, labels: ArrayLike<boolean>): Ranking {
  const order = Uint32Array.from(decisions.keys()).sort(
    (a, b) => (decisions[a] as number) - (decisions[b] as number),
  );
  const ends: number[] = [];
  order.forEach((face, at) => {
    const next = order[at + 1];
    if (next === undefined || decisions[next] !== decisions[face]) ends.push(at + 1);
  });
  return {
    positive: Uint8Array.from(order, (face) => (labels[face] === true ? 1 : 0)),
    ends: Int32Array.from(ends),
  };
}

/**
 * The area under the ROC curve: the probability that a positive face is ranked above a negative one, ties counting half
 * (Mann and Whitney); 0.5 where a class is missing.
 *
 * @param counts how often each position is drawn; default once
 */
export function areaUnder({ positive, ends }: Ranking, counts?: Int32Array): number {
  let [below, positives, pairs, at] = [0, 0, 0, 0];
  for (const end of ends) {
    let [up, down] = [0, 0];
    for (; at < end; at++) {
      const count = counts === undefined ? 1 : (counts[at] as number);
      if (positive[at] === 1) up += count;
      else down += count;
    }
    pairs += up * (below + down / 2);
    below += down;
    positives += up;
  }
  return positives === 0 || below === 0 ? 0.5 : pairs / (positives * below);
}

/**
 * The 95% percentile interval of the area under the curve by a bootstrap stratified by class: each replicate draws as many
 * positive and as many negative faces as there are. One replicate is a count for each position and one pass over the ranking.
 *
 * @param replicates how many
 */
export function areaInterval(ranking: Ranking, seed: number, replicates = 1000): [low: number, high: number] {
  const uniform = seededUniform(seed);
  const { positive } = ranking;
  const all = Int32Array.from(positive.keys());
  const classes = [all.filter((at) => positive[at] === 1), all.filter((at) => positive[at] === 0)];
  const counts = new Int32Array(positive.length);
  const areas = new Float64Array(replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    counts.fill(0);
    for (const members of classes) {
      for (let draw = 0; draw < members.length; draw++) {
        const at = members[Math.floor(uniform() * members.length)] as number;
        counts[at] = (counts[at] as number) + 1;
      }
    }
    areas[replicate] = areaUnder(ranking, counts);
  }
  areas.sort();
  return [quantile(areas, 0.025), quantile(areas, 0.975)];
}

/** Linear between the values next to it, as numpy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * The ROC curve from [0,0] to [1,1]: shares of negative and of positive faces at or above falling decisions. Of more corners
 * than `most` those are kept that lie evenly along it.
 */
export function rocCurve(
  { positive, ends }: Ranking,
  most = 101,
): [falsePositive: number, truePositive: number][] {
  const positives = positive.reduce((sum, value) => sum + value, 0);
  const negatives = positive.length - positives;
  if (positives === 0 || negatives === 0) return [];
  const corners: [number, number][] = [[0, 0]];
  let [up, down, at] = [0, 0, positive.length];
  for (let group = ends.length - 1; group >= 0; group--) {
    const start = group === 0 ? 0 : (ends[group - 1] as number);
    for (; at > start; at--) {
      if (positive[at - 1] === 1) up++;
      else down++;
    }
    corners.push([down / negatives, up / positives]);
  }
  if (corners.length <= most) return corners;
  // From [0,0] to [1,1] both shares rise by 1: their sum tells how far along the curve a corner lies.
  let next = 0;
  return corners.filter(([x, y], index) => {
    const isLast = index === corners.length - 1;
    if (!isLast && (x + y < (2 * next) / (most - 1) || next >= most - 1)) return false;
    next = Math.max(next + 1, Math.floor(((x + y) * (most - 1)) / 2) + 1);
    return true;
  });
}
