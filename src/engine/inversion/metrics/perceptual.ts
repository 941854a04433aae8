import type { Perceptual } from "../../models";

/** LPIPS is looked at like RFM's loss looks: pictures averaged down to at most so many pixels in height. */
const TALLEST = 256;
/** LPIPS halves a picture four times. */
const SMALLEST = 16;

/**
 * LPIPS of two pictures [3,h,w] in [-1,1] (values outside are clipped), which are first averaged by 2x2 pixels until they
 * are at most 256 pixels high, as RFM takes it.
 *
 * @returns undefined where they are too small for it, less than 16 pixels.
 */
export async function perceptualDistance(
  perceptual: Perceptual,
  a: Float32Array,
  b: Float32Array,
  [height, width]: readonly [number, number],
  signal?: AbortSignal,
): Promise<number | undefined> {
  let size: [number, number] = [height, width];
  let [first, second] = [clipped(a), clipped(b)];
  while (size[0] > TALLEST) {
    [first, second] = [halved(first, size), halved(second, size)];
    size = [Math.floor(size[0] / 2), Math.floor(size[1] / 2)];
  }
  if (Math.min(...size) < SMALLEST) return undefined;
  return (await perceptual.distance(first, second, size, signal))[0];
}

function halved(x: Float32Array, [height, width]: readonly [number, number]): Float32Array {
  const [rows, columns] = [Math.floor(height / 2), Math.floor(width / 2)];
  const result = new Float32Array(3 * rows * columns);
  let to = 0;
  for (let plane = 0; plane < 3; plane++) {
    for (let row = 0; row < rows; row++) {
      let at = (plane * height + 2 * row) * width;
      for (let column = 0; column < columns; column++, at += 2) {
        const above = (x[at] as number) + (x[at + 1] as number);
        result[to++] = (above + (x[at + width] as number) + (x[at + width + 1] as number)) / 4;
      }
    }
  }
  return result;
}

function clipped(x: Float32Array): Float32Array {
  return x.map((value) => Math.min(1, Math.max(-1, value)));
}
