import { RfmError } from "../files";

/** x to the right, y down, in pixels; (0, 0) is the centre of the first pixel. */
export type Point = readonly [x: number, y: number];

/** The corners of an aligned face's square in its photo: upper left, lower left, lower right, upper right (FFHQ's order). */
export type Quad = readonly [Point, Point, Point, Point];

/** `(x, y) = (a u + b v + c, d u + e v + f)` */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/**
 * Takes a place in the aligned crop to its place in the photo. Crop places are measured from the crop's upper left
 * *corner* (0..size), so the centre of crop pixel (i, j) is (i + 0.5, j + 0.5); photo places as in {@link Point}.
 */
export function cropToPhoto([origin, lower, , right]: Quad, size: number): Affine {
  return {
    a: (right[0] - origin[0]) / size,
    b: (lower[0] - origin[0]) / size,
    c: origin[0],
    d: (right[1] - origin[1]) / size,
    e: (lower[1] - origin[1]) / size,
    f: origin[1],
  };
}

/** The inverse of {@link cropToPhoto}: where a place in the photo lies in the crop. */
export function photoToCrop(quad: Quad, size: number): Affine {
  const { a, b, c, d, e, f } = cropToPhoto(quad, size);
  const determinant = a * e - b * d;
  return {
    a: e / determinant,
    b: -b / determinant,
    c: (b * f - c * e) / determinant,
    d: -d / determinant,
    e: a / determinant,
    f: (c * d - a * f) / determinant,
  };
}

export function applyAffine({ a, b, c, d, e, f }: Affine, [u, v]: Point): Point {
  return [a * u + b * v + c, d * u + e * v + f];
}

/** Length of the quad's upper side in photo pixels. */
export function quadSide([origin, , , right]: Quad): number {
  return Math.hypot(right[0] - origin[0], right[1] - origin[1]);
}

/** Smallest and largest x and y of the corners. */
export function quadBounds(quad: Quad): { left: number; top: number; right: number; bottom: number } {
  const xs = quad.map(([x]) => x);
  const ys = quad.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/**
 * Quads also come from documents that people edit: refuses what is no square (sides and diagonals within 1%).
 * @throws RfmError "picture"
 */
export function checkQuad(quad: Quad): void {
  const [first, second, third, fourth] = quad;
  const side = quadSide(quad);
  const lengths: [Point, Point, number][] = [
    [first, second, side],
    [second, third, side],
    [third, fourth, side],
    [first, third, side * Math.SQRT2],
    [second, fourth, side * Math.SQRT2],
  ];
  const square = lengths.every(
    ([p, q, length]) => Math.abs(Math.hypot(p[0] - q[0], p[1] - q[1]) - length) <= side / 100,
  );
  const cross =
    (second[0] - first[0]) * (fourth[1] - first[1]) - (second[1] - first[1]) * (fourth[0] - first[0]);
  // Not `< 2`: NaN must fail too. A positive cross product would mirror the face.
  if (!(side >= 2 && side < 1e6) || !square || !(cross < 0)) {
    throw new RfmError(
      "picture",
      `The face's quad ${JSON.stringify(quad)} is no square of two pixels or more; align the photo again.`,
    );
  }
}
