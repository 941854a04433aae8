import { centre } from "./geometry";
import type { Picture } from "./picture";
import type { Point } from "./quad";

/** How an eye's surroundings look against the face's skin; luminances as parts of the skin's. */
export interface EyeRegion {
  /** The luminance that one pixel in ten stays below. */
  readonly dark: number;
  /** The luminance that one pixel in ten lies above: eyes have whites, lids and lashes, so the two are far apart. */
  readonly bright: number;
}

/** Half of the side of a square about an eye that shows little of brow and nose, by the eyes' distance. */
const EYE = 0.18;
/** The same for a patch of cheek or nose. */
const SKIN = 0.12;

/**
 * The left and the right eye (the picture's left) of an upright face.
 *
 * @param landmarks 68 places in the crop, measured from the crop's corner, in pixels
 */
export function eyeRegions(crop: Picture, landmarks: readonly Point[]): readonly [EyeRegion, EyeRegion] {
  const [left, right] = [centre(landmarks, 36, 42), centre(landmarks, 42, 48)];
  const unit = Math.hypot(right[0] - left[0], right[1] - left[1]);
  const [nose, jawLeft, jawRight] = [30, 2, 14].map((index) => landmarks[index] ?? left) as [
    Point,
    Point,
    Point,
  ];
  // The cheeks, and the nose's back: one of the three may lie in the shadow or in the hair.
  const skin = [middle(nose, jawLeft), middle(nose, jawRight), landmarks[29] ?? nose]
    .map((place) => quantile(luminances(crop, place, SKIN * unit), 0.5))
    .sort((a, b) => a - b);
  // A black face would make everything bright against it.
  const tone = Math.max(skin[1] ?? 0, 1 / 255);
  const region = (eye: Point): EyeRegion => {
    const values = luminances(crop, eye, EYE * unit);
    return { dark: quantile(values, 0.1) / tone, bright: quantile(values, 0.9) / tone };
  };
  return [region(left), region(right)];
}

function middle([ax, ay]: Point, [bx, by]: Point): Point {
  return [(ax + bx) / 2, (ay + by) / 2];
}

/** Luminances 0..1 (Rec. 601) of a square's pixels inside of the picture, sorted. */
function luminances({ width, height, data }: Picture, [x, y]: Point, half: number): number[] {
  const within = (value: number, end: number): number => Math.min(end, Math.max(0, Math.round(value)));
  const [left, right] = [within(x - half, width - 1), within(x + half, width)];
  const [top, bottom] = [within(y - half, height - 1), within(y + half, height)];
  const found: number[] = [];
  for (let row = top; row < Math.max(bottom, top + 1); row++) {
    for (let column = left; column < Math.max(right, left + 1); column++) {
      const [red = 0, green = 0, blue = 0] = data.subarray((row * width + column) * 3);
      found.push((0.299 * red + 0.587 * green + 0.114 * blue) / 255);
    }
  }
  return found.sort((a, b) => a - b);
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
