import { faceFrame } from "./geometry";
import { hairSpots, spotInside, type Spot } from "./hair";
import type { Point } from "./quad";

export type Colour = readonly [red: number, green: number, blue: number];

/** The parts of a picture whose mean colours are looked at: all of it, the cheek on the left and on the right, the hair. */
export type RegionName = "whole" | "left" | "right" | "hair";

/** @param landmarks 68 points in fractions of the picture's side */
export function colourRegions(landmarks: readonly Point[]): Readonly<Record<RegionName, readonly Spot[]>> {
  const { eyeDistance } = faceFrame(landmarks);
  const cheek = (eye: number, corner: number): Spot => {
    const [upper, lower] = [landmarks[eye] ?? [NaN, NaN], landmarks[corner] ?? [NaN, NaN]];
    const place: Point = [(upper[0] + lower[0]) / 2, (upper[1] + lower[1]) / 2];
    return spotInside(place, eyeDistance * 0.15);
  };
  return {
    whole: [{ centre: [0.5, 0.5], radius: 0.5 }],
    left: [cheek(41, 48)],
    right: [cheek(46, 54)],
    hair: hairSpots(landmarks),
  };
}

/**
 * The pixels of a picture of this size that lie in any of some spots, each at least one pixel wide, as places in one colour's
 * plane; pixels of several spots come several times.
 */
export function pixelsIn(spots: readonly Spot[], size: number): number[] {
  const places: number[] = [];
  for (const { centre, radius } of spots) {
    const reach = Math.max(radius * size, 0.75);
    const from = (place: number): number => Math.max(0, Math.round(place * size - reach));
    const to = (place: number): number => Math.min(size, Math.round(place * size + reach));
    const [x, y] = centre;
    for (let row = from(y); row < to(y); row++) {
      for (let column = from(x); column < to(x); column++) places.push(row * size + column);
    }
  }
  return places;
}

/**
 * Mean colour of the pixels in some spots; NaN where there are none.
 * @param pixels [3, size, size]
 */
export function meanColour(pixels: Float32Array, size: number, spots: readonly Spot[]): Colour {
  const places = pixelsIn(spots, size);
  const mean = (plane: number): number =>
    places.reduce((sum, place) => sum + (pixels[plane * size * size + place] ?? NaN), 0) / places.length;
  return [mean(0), mean(1), mean(2)];
}

/** Brightness of a colour (Rec. 601), in the colour's own range. */
export function luma([red, green, blue]: Colour): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
