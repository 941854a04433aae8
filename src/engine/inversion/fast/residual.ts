import type { PackAlignment } from "../../models";
import { averaged } from "./coarse";

/** Occluders are found in pictures of at most this side: what stands before a face is no detail. */
const LARGEST_SIDE = 64;
/** Half the width of the neighbourhood that a residual is averaged over, as a share of the side. */
const WIDTH = 1 / 32;
/** The face's half width and height in the picture of a model of FFHQ's framing, and how far its middle is lower than that of eyes and mouth; of half the side. */
const FACE = { width: 0.39, height: 0.41, lower: 0.06 } as const;
/** FFHQ's half side is so many times the way from the eyes to the mouth. */
const EYES_TO_MOUTH = 1.8;
/** How much of a residual is usual in the middle of the face, and how much more it grows towards the face's edge and beyond it. */
const USUAL = { middle: 0.75, outward: 0.2 } as const;

/** Where faces are in the pictures that occluders are looked for in. */
export interface FaceFrame {
  /** Of the pictures: the largest divisor of the model's side that is at most 64. */
  readonly side: number;
  /** [side,side]: how far each pixel is from the middle of the face, 1 at its edge, squared. */
  readonly distance: Float32Array;
}

/** @param size side of the model's pictures */
export function faceFrame(size: number, { scale, centre }: PackAlignment): FaceFrame {
  let side = Math.min(size, LARGEST_SIDE);
  while (size % side !== 0) side--;
  const lower = ((0.5 - centre) / EYES_TO_MOUTH + FACE.lower) / scale;
  const distance = Float32Array.from({ length: side * side }, (_, at) => {
    const right = (2 * ((at % side) + 0.5)) / side - 1;
    const down = (2 * (Math.floor(at / side) + 0.5)) / side - 1 - lower;
    return ((right * scale) / FACE.width) ** 2 + ((down * scale) / FACE.height) ** 2;
  });
  return { side, distance };
}

/** Pictures [3,S,S] shrunk to the frame's side, cut to [-1,1]. */
export function shrunk(picture: Float32Array, size: number, { side }: FaceFrame): Float32Array {
  return averaged(
    picture.map((value) => Math.min(1, Math.max(-1, value))),
    size,
    side,
  );
}

/**
 * Mean absolute differences of two pictures [3,side,side] over small neighbourhoods, [side,side], as shares of what is
 * usual at the place: generators draw the middle of a face better than hair and what is behind it.
 */
export function residualMap(x: Float32Array, target: Float32Array, frame: FaceFrame): Float32Array {
  const { side, distance } = frame;
  const residuals = new Float32Array(side * side);
  for (let at = 0; at < x.length; at++) {
    const pixel = at % residuals.length;
    residuals[pixel] =
      (residuals[pixel] as number) + Math.abs((x[at] as number) - (target[at] as number)) / 3;
  }
  return blurred(residuals, side, neighbourhood(side)).map(
    (value, at) => value / (USUAL.middle + USUAL.outward * (distance[at] as number)),
  );
}

/** Half the width of the neighbourhoods, in pixels. */
export function neighbourhood(side: number): number {
  return Math.max(1, Math.round(side * WIDTH));
}

export function median(values: Float32Array): number {
  return Float32Array.from(values).sort()[Math.floor(values.length / 2)] ?? 0;
}

/** Means over squares of side 2 radius + 1, at borders of what there is of them; by rows, then by columns. */
export function blurred(values: Float32Array, side: number, radius: number): Float32Array {
  return meansAlong(meansAlong(values, side, radius, 1, side), side, radius, side, 1);
}

function meansAlong(
  values: Float32Array,
  side: number,
  radius: number,
  step: number,
  across: number,
): Float32Array {
  const result = new Float32Array(values.length);
  for (let line = 0; line < side; line++) {
    for (let at = 0; at < side; at++) {
      const from = Math.max(0, at - radius);
      const to = Math.min(side - 1, at + radius);
      let sum = 0;
      for (let near = from; near <= to; near++) sum += values[line * across + near * step] as number;
      result[line * across + at * step] = sum / (to - from + 1);
    }
  }
  return result;
}
