import type { Pyramid } from "./pyramid";
import type { Point } from "./quad";

/**
 * A square of a picture, perhaps turned. Places here are measured from the picture's upper left *corner* (the centre of
 * its first pixel is at 0.5, 0.5), unlike landmarks.
 */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  /** How far the square is turned clockwise, in radians. A face that is rolled so far is upright in it. */
  readonly angle: number;
}

/** Where a place in fractions of the square's side, from its upper left corner, lies in the picture. */
export function placeInPicture({ x, y, side, angle }: Square, [u, v]: Point): Point {
  const [across, down] = [(u - 0.5) * side, (v - 0.5) * side];
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return [x + across * cosine - down * sine, y + across * sine + down * cosine];
}

/** The inverse of {@link placeInPicture}. */
export function placeInSquare({ x, y, side, angle }: Square, [px, py]: Point): Point {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const [dx, dy] = [px - x, py - y];
  return [(dx * cosine + dy * sine) / side + 0.5, (dy * cosine - dx * sine) / side + 0.5];
}

/**
 * The square as a net's input [3, size, size] in [-1, 1], interpolated between pixels of the pyramid's level that fits
 * its size best; black (-1) outside of the picture.
 * @param target where to write, `3 * size * size` numbers
 */
export function sampleSquare(
  pyramid: Pyramid,
  square: Square,
  size: number,
  target = new Float32Array(3 * size * size),
): Float32Array {
  const wanted = Math.max(0, Math.round(Math.log2(square.side / size)));
  const { picture, scale } = pyramid.level(wanted);
  const { width, height, data } = picture;
  const plane = size * size;
  const stepX = ((Math.cos(square.angle) * square.side) / size) * scale;
  const stepY = ((Math.sin(square.angle) * square.side) / size) * scale;
  const [left, top] = placeInPicture(square, [0.5 / size, 0.5 / size]);
  const stride = width * 3;
  const grey = 1 / 127.5;
  for (let row = 0; row < size; row++) {
    let x = left * scale - 0.5 - stepY * row;
    let y = top * scale - 0.5 + stepX * row;
    for (let index = row * size, end = index + size; index < end; index++, x += stepX, y += stepY) {
      if (!(x > -0.5 && y > -0.5 && x < width - 0.5 && y < height - 0.5)) {
        target[index] = target[index + plane] = target[index + 2 * plane] = -1;
        continue;
      }
      const column = x <= 0 ? 0 : x >= width - 1 ? Math.max(0, width - 2) : Math.floor(x);
      const line = y <= 0 ? 0 : y >= height - 1 ? Math.max(0, height - 2) : Math.floor(y);
      const fx = Math.min(1, Math.max(0, x - column));
      const fy = Math.min(1, Math.max(0, y - line));
      const right = column + 1 < width ? 3 : 0;
      const below = line + 1 < height ? stride : 0;
      const at = line * stride + column * 3;
      for (let c = 0; c < 3; c++) {
        const a = data[at + c] as number;
        const b = data[at + right + c] as number;
        const d = data[at + below + c] as number;
        const e = data[at + below + right + c] as number;
        const upper = a + (b - a) * fx;
        target[index + c * plane] = (upper + (d + (e - d) * fx - upper) * fy) * grey - 1;
      }
    }
  }
  return target;
}
