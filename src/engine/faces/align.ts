import { RfmError } from "../files";
import type { Point, Quad } from "./quad";

/** How a pack wants faces framed; belongs to the pack that was trained on faces framed so. */
export interface Alignment {
  /** Size of the square against FFHQ's. */
  readonly scale: number;
  /** Where the square's centre lies between eyes (0) and mouth (1). */
  readonly centre: number;
}

/** The framing of the FFHQ and CelebA-HQ data sets. */
export const FFHQ_ALIGNMENT: Alignment = { scale: 1, centre: 0.1 };

/**
 * The square of an aligned face, from its 68 landmarks (dlib's numbering) in photo pixels: the formula of FFHQ's
 * alignment script, generalised by {@link Alignment}. With e the vector from the left eye to the right one (each the mean of
 * six points) and m from their middle to the middle of the mouth's corners, the half side is
 * `x = unit(e - (-m.y, m.x)) * max(2 |e|, 1.8 |m|) * scale`: an average of what eyes and mouth say about roll and size.
 * @throws RfmError "picture" when the landmarks are not 68 finite points or coincide
 */
export function alignmentQuad(landmarks: readonly Point[], alignment: Alignment): Quad {
  if (landmarks.length !== 68 || landmarks.some(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y))) {
    throw new RfmError("picture", "A face needs 68 finite landmarks to be aligned; detect it again.");
  }
  const leftEye = mean(landmarks.slice(36, 42));
  const rightEye = mean(landmarks.slice(42, 48));
  const eyes = mean([leftEye, rightEye]);
  const mouth = mean(landmarks.filter((_, index) => index === 48 || index === 54));
  const eyeToEye = [rightEye[0] - leftEye[0], rightEye[1] - leftEye[1]] as const;
  const eyesToMouth = [mouth[0] - eyes[0], mouth[1] - eyes[1]] as const;

  const x = [eyeToEye[0] + eyesToMouth[1], eyeToEye[1] - eyesToMouth[0]] as const;
  const half = Math.max(Math.hypot(...eyeToEye) * 2, Math.hypot(...eyesToMouth) * 1.8) * alignment.scale;
  const length = Math.hypot(...x);
  if (length === 0 || half === 0) {
    throw new RfmError("picture", "The face's landmarks coincide, so it cannot be aligned; detect it again.");
  }
  const [ax, ay] = [(x[0] / length) * half, (x[1] / length) * half];
  // The other half side is the first, turned by 90 degrees.
  const [bx, by] = [-ay, ax];
  const cx = eyes[0] + eyesToMouth[0] * alignment.centre;
  const cy = eyes[1] + eyesToMouth[1] * alignment.centre;
  return [
    [cx - ax - bx, cy - ay - by],
    [cx - ax + bx, cy - ay + by],
    [cx + ax + bx, cy + ay + by],
    [cx + ax - bx, cy + ay - by],
  ];
}

function mean(points: readonly Point[]): Point {
  const sum = points.reduce<Point>(([sx, sy], [x, y]) => [sx + x, sy + y], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}
