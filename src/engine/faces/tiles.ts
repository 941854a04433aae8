import type { Square } from "./square";

/** Below this side a tile shows the detector little more than it sees in the whole picture. */
const SMALLEST_TILE = 1024;
/** The long side is cut in no more tiles than this, so that large pictures do not take for ever. */
const TILES_ALONG = 4;
/**
 * Neighbours share this part of a tile: a face cut by one's border is whole in the other's. Faces larger than that were
 * found in the whole picture.
 */
const OVERLAP = 0.125;
/** A picture that is this much larger than a tile is worth cutting. */
const WORTH_CUTTING = 1.25;

/**
 * Overlapping squares that cover a picture, for faces too small to be found in the whole of it; none for pictures
 * whose long side is about a tile or less.
 */
export function tilesOf(width: number, height: number): Square[] {
  const long = Math.max(width, height);
  const side = Math.max(SMALLEST_TILE, Math.ceil(long / (TILES_ALONG - (TILES_ALONG - 1) * OVERLAP)));
  if (long < side * WORTH_CUTTING) return [];
  return starts(height, side).flatMap((top) =>
    starts(width, side).map((left) => ({ x: left + side / 2, y: top + side / 2, side, angle: 0 })),
  );
}

/** Where tiles begin along one side, evenly, the last one ending with the picture. */
function starts(length: number, side: number): number[] {
  if (length <= side) return [0];
  const count = Math.ceil((length - side) / (side * (1 - OVERLAP))) + 1;
  return Array.from({ length: count }, (_, index) => Math.round(((length - side) * index) / (count - 1)));
}
