import type { Alignment } from "./align";
import { FACE_NET_ALIGNMENT, faceSquare } from "./landmarks";
import type { Picture } from "./picture";
import type { Point } from "./quad";
import type { Square } from "./square";

/**
 * Where the face is in a picture: by its 68 landmarks (pixel centres, as {@link Face} has them), or, in the crop of an
 * aligned face, by the alignment that the crop was made with.
 */
export type Framing = readonly Point[] | Alignment;

/** A square of an aligned crop, in fractions of the crop's side. */
export interface CropRegion {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** From eyes to mouth by the larger of twice the eyes' distance and 1.8 times itself: about so much in most faces. */
const EYES_TO_MOUTH = 0.53;

/**
 * The part of an aligned crop that the face nets should see: the whole of a crop as tight as their own framing or
 * tighter, else the square that {@link FACE_NET_ALIGNMENT} would have cut.
 */
export function cropRegion({ scale, centre }: Alignment): CropRegion {
  const side = Math.min(1, FACE_NET_ALIGNMENT.scale / scale);
  const lower = ((FACE_NET_ALIGNMENT.centre - centre) * EYES_TO_MOUTH) / (2 * scale);
  const left = (1 - side) / 2;
  return { left, top: Math.min(1 - side, Math.max(0, left + lower)), side };
}

/** The square of a picture that the face nets should see. */
export function framedSquare(picture: Picture, framing: Framing): Square {
  if (!("scale" in framing)) return faceSquare(framing.map(([x, y]): Point => [x + 0.5, y + 0.5]));
  const { left, top, side } = cropRegion(framing);
  return {
    x: (left + side / 2) * picture.width,
    y: (top + side / 2) * picture.height,
    side: side * picture.width,
    angle: 0,
  };
}
