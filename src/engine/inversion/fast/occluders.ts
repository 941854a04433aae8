import { grown, pieces } from "./pieces";
import { blurred, median, neighbourhood, residualMap, type FaceFrame } from "./residual";

/** Residuals, of a range of 2, that no face has where the rest of it is known, and that belong to the same thing beside those. */
const STRONG = 0.3;
const WEAK = 0.2;
/** Where the rest is drawn badly, strong residuals are those so many times the usual one. */
const TIMES_USUAL = 5;
/** Share of the picture that an occluder covers of the face by strong residuals, at least: more than a mouth does. */
const LEAST_SHARE = 0.025;

/**
 * What is before the face. The generator has drawn the face without having seen the suspect pixels: where it comes close to
 * the photo all the same, there is a face. What is far from it in one large piece before the face is an occluder;
 * what is thin is none: residuals were averaged over a neighbourhood, and make-up is painted in lines.
 *
 * @param x the generator's picture, @param target the photo; [3,side,side] in [-1,1]
 * @param suspect 1 for pixels that it has not seen, [side,side]
 * @returns 1 for pixels of occluders, [side,side]
 */
export function findOccluders(
  x: Float32Array,
  target: Float32Array,
  suspect: Float32Array,
  frame: FaceFrame,
): Float32Array {
  const { side } = frame;
  const residuals = residualMap(x, target, frame);
  const strong = Math.max(STRONG, TIMES_USUAL * median(residuals));
  const weak = (strong * WEAK) / STRONG;
  const far = suspect.map((value, at) => (value > 0 && (residuals[at] as number) >= weak ? 1 : 0));
  const found = new Float32Array(far.length);
  for (const piece of thickPieces(far, frame, (at) => (residuals[at] as number) >= strong)) {
    for (const at of grown(piece, target, side)) found[at] = 1;
  }
  return spread(found, side, 1);
}

/** The part of a mask [side,side] that is thick and large enough before the face to hold an occluder. */
export function roomForOccluders(mask: Float32Array, frame: FaceFrame): Float32Array {
  const room = new Float32Array(mask.length);
  for (const piece of thickPieces(mask, frame, () => true)) for (const at of piece) room[at] = 1;
  return spread(room, frame.side, neighbourhood(frame.side));
}

/** Pieces of what is left of a mask without a neighbourhood's width along its border, where enough of them before the face is so. */
function thickPieces(mask: Float32Array, frame: FaceFrame, isSo: (at: number) => boolean): number[][] {
  const { side, distance } = frame;
  const inner = blurred(mask, side, neighbourhood(side)).map((value) => (value > 0.99 ? 1 : 0));
  return pieces(inner, side).filter((piece) => {
    const core = piece.filter((at) => isSo(at) && (distance[at] as number) < 1);
    return core.length >= LEAST_SHARE * mask.length;
  });
}

function spread(mask: Float32Array, side: number, radius: number): Float32Array {
  return blurred(mask, side, radius).map((value) => (value > 0 ? 1 : 0));
}
