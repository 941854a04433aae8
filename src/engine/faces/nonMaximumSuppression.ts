/** A rectangle by its sides; units are the caller's. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A box with how sure the detector is of it, in [0, 1]. */
export interface Scored {
  readonly box: Box;
  readonly score: number;
}

/** Area of a box; 0 where it is empty or turned inside out. */
export function boxArea({ left, top, right, bottom }: Box): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

/** Common area of two boxes. */
export function commonArea(a: Box, b: Box): number {
  return boxArea({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
}

/** Common area by the area of both together, in [0, 1]; 0 where one is empty. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const common = commonArea(a, b);
  return common === 0 ? 0 : common / (boxArea(a) + boxArea(b) - common);
}

/**
 * Of boxes that mean the same thing, the one with the highest score: in the order of falling scores, each box is kept
 * unless it overlaps a kept one by more than `threshold`. The order of equal scores stays.
 * @param overlap how much two boxes are the same, in [0, 1]
 */
export function nonMaximumSuppression<T extends Scored>(
  candidates: readonly T[],
  threshold: number,
  overlap: (a: Box, b: Box) => number = intersectionOverUnion,
): T[] {
  const kept: T[] = [];
  for (const candidate of [...candidates].sort((a, b) => b.score - a.score)) {
    if (kept.every(({ box }) => overlap(box, candidate.box) <= threshold)) kept.push(candidate);
  }
  return kept;
}
