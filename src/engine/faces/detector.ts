import { DETECTOR_SIZE } from "../networks";
import type { Session } from "../runtime";
import { nonMaximumSuppression, type Box, type Scored } from "./nonMaximumSuppression";
import type { Pyramid } from "./pyramid";
import { placeInPicture, sampleSquare, type Square } from "./square";

/** What the detector takes for a face: the smallest upright square around its box, turned as the pass that found it. */
export interface Candidate extends Scored {
  readonly square: Square;
}

/** Boxes that overlap more than this mean the same face. */
const SAME_FACE = 0.4;
/** A box that ends this near to a tile's border (in fractions of its side) may be half a face. */
const BORDER = 0.01;

/** A box in a tile that is larger than this (in fractions of its side) was seen in the whole picture, or is no face. */
const LARGEST_IN_TILE = 0.4;

/** Options of {@link detectIn}. */
export interface DetectInOptions {
  /** Candidates with a lower score are not worth a look. */
  readonly minimumScore: number;
  /**
   * The square is a tile: leave out what touches its border inside of the picture, because a neighbour sees it whole,
   * and what is large.
   */
  readonly tile?: boolean;
}

/**
 * Runs the detector on one square of a picture.
 * @param session the detector at batch 1
 */
export async function detectIn(
  session: Session,
  pyramid: Pyramid,
  square: Square,
  { minimumScore, tile = false }: DetectInOptions,
  signal?: AbortSignal,
): Promise<Candidate[]> {
  const { boxes = new Float32Array(), scores = new Float32Array() } = await session.run(
    { x: sampleSquare(pyramid, square, DETECTOR_SIZE) },
    signal,
  );
  const found: Scored[] = [];
  scores.forEach((score, index) => {
    if (!(score >= minimumScore)) return;
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(index * 4, index * 4 + 4);
    const box = { left, top, right, bottom };
    if (tile && (isLarge(box) || isCut(box, square, pyramid))) return;
    found.push({ score, box });
  });
  return nonMaximumSuppression(found, SAME_FACE).map(({ score, box }) => toCandidate(box, score, square));
}

/** Boxes that mean the same face as a better one are left out. */
export function distinct<T extends Scored>(candidates: readonly T[]): T[] {
  return nonMaximumSuppression(candidates, SAME_FACE);
}

function toCandidate({ left, top, right, bottom }: Box, score: number, square: Square): Candidate {
  const [x, y] = placeInPicture(square, [(left + right) / 2, (top + bottom) / 2]);
  const width = (right - left) * square.side;
  const height = (bottom - top) * square.side;
  return {
    score,
    box: { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 },
    square: { x, y, side: Math.max(width, height), angle: square.angle },
  };
}

function isLarge({ left, top, right, bottom }: Box): boolean {
  return Math.max(right - left, bottom - top) > LARGEST_IN_TILE;
}

function isCut(box: Box, { x, y, side }: Square, { picture }: Pyramid): boolean {
  const [left, top] = [x - side / 2, y - side / 2];
  return (
    (box.left < BORDER && left > 0) ||
    (box.top < BORDER && top > 0) ||
    (box.right > 1 - BORDER && left + side < picture.width) ||
    (box.bottom > 1 - BORDER && top + side < picture.height)
  );
}
