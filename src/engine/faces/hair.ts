import { centre, faceFrame } from "./geometry";
import type { Point } from "./quad";

/** Directions from between the eyes, degrees above the line of the eyes: over one temple, the crown, the other temple. */
const ANGLES = [22, 39, 56, 73, 90, 107, 124, 141, 158];
/** Height of the arc above the eyes by the length from the eyes to the chin: inside the hair, below the crown (which lies at 1). */
const ARC_HEIGHT = 0.85;
/** Half side of a spot by the distance between the eyes. */
const SPOT = 0.1;

/** A square part of a picture, in fractions of its side; it may lie outside. */
export interface Spot {
  readonly centre: Point;
  readonly radius: number;
}

/**
 * Where hair is looked for: spots on an arc over the head, from temple to temple, as wide as the jaw's contour at the ears
 * and turned with the face. Landmarks say nothing of hair, so the arc is where heads have it on average; on bald heads it
 * lies on skin, beside thin hair on the background. What a crop cuts off is left out by who measures; tight crops, such as
 * the embedded model's, show the two temples only, and those are drawn into the picture where even they are cut off.
 *
 * @param landmarks 68 points in fractions of the picture's side
 */
export function hairSpots(landmarks: readonly Point[]): Spot[] {
  const { eyes, eyeDistance, roll } = faceFrame(landmarks);
  const [cosine, sine] = [Math.cos(roll), Math.sin(roll)];
  const upright = (index: number): Point => {
    const [x, y] = centre(landmarks, index, index + 1);
    const [dx, dy] = [x - eyes[0], y - eyes[1]];
    return [dx * cosine + dy * sine, dy * cosine - dx * sine];
  };
  const [left, right, chin] = [upright(0)[0], upright(16)[0], upright(8)[1]];
  const radius = SPOT * eyeDistance;
  return ANGLES.map((degrees, index) => {
    const angle = (degrees * Math.PI) / 180;
    const across = Math.abs(Math.cos(angle)) * (degrees < 90 ? right : left);
    const up = Math.sin(angle) * ARC_HEIGHT * chin;
    const x = eyes[0] + across * cosine + up * sine;
    const y = eyes[1] + across * sine - up * cosine;
    const temple = index === 0 || index === ANGLES.length - 1;
    return temple ? spotInside([x, y], radius) : { centre: [x, y], radius };
  });
}

/** A spot drawn into the picture as far as it takes to lie in it. */
export function spotInside([x, y]: Point, radius: number): Spot {
  const inside = (place: number): number => Math.min(1 - radius, Math.max(radius, place));
  return { centre: [inside(x), inside(y)], radius };
}
