import type { Picture } from "./picture";
import { resample, type ReadRow, type Size } from "./resample";

/** Pixels to add on each side; at least one each. */
export interface Padding {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Continues a picture beyond its edges as FFHQ's alignment script does: mirrored, then from a third of the padding
 * inside the old edge outwards ever more blurred, and from the old edge to the new one fading to the median colour.
 * @param blur standard deviation of the Gaussian blur, in pixels
 */
export function padWithBlur(picture: Picture, padding: Padding, blur: number): Picture {
  const padded = padMirrored(picture, padding);
  // 1 at the new edge, 0 at the old one, negative inside.
  const depths = [
    depthsOf(padded.width, padding.left, padding.right),
    depthsOf(padded.height, padding.top, padding.bottom),
  ] as const;
  const blurred = gaussianBlur(padded, blur);
  blend(padded, depths, (depth) => 3 * depth + 1, blurred);
  const median = medianColour(padded);
  const plain = Float32Array.from({ length: padded.width * 3 }, (_, i) => median[i % 3] as number);
  blend(
    padded,
    depths,
    (depth) => depth,
    () => plain,
  );
  return padded;
}

/** Mirrors without repeating the edge pixel, as often as the padding needs (`numpy.pad(..., "reflect")`). */
function padMirrored({ width, height, data }: Picture, { left, top, right, bottom }: Padding): Picture {
  const [newWidth, newHeight] = [width + left + right, height + top + bottom];
  const padded = new Uint8Array(newWidth * newHeight * 3);
  const columns = Int32Array.from({ length: newWidth }, (_, x) => mirror(x - left, width) * 3);
  for (let y = 0; y < newHeight; y++) {
    const row = mirror(y - top, height) * width * 3;
    let at = y * newWidth * 3;
    for (let x = 0; x < newWidth; x++, at += 3) {
      const from = row + (columns[x] as number);
      padded[at] = data[from] as number;
      padded[at + 1] = data[from + 1] as number;
      padded[at + 2] = data[from + 2] as number;
    }
  }
  return { width: newWidth, height: newHeight, data: padded };
}

function mirror(position: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const inside = ((position % period) + period) % period;
  return inside < length ? inside : period - inside;
}

function depthsOf(length: number, before: number, after: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => 1 - Math.min(i / before, (length - 1 - i) / after));
}

/** Row `y` of what is mixed in: three values a pixel, valid until the next call. */
type Target = (y: number) => ArrayLike<number>;

/** Mixes target values into the picture, each pixel by the weight of its depth, cut to 0..1. */
function blend(
  picture: Picture,
  [across, down]: readonly [Float64Array, Float64Array],
  weigh: (depth: number) => number,
  target: Target,
): void {
  const { width, data } = picture;
  for (const [y, depthDown] of down.entries()) {
    const row = target(y);
    for (let x = 0; x < width; x++) {
      const weight = Math.min(1, weigh(Math.max(across[x] as number, depthDown)));
      if (weight <= 0) continue;
      for (let i = x * 3; i < x * 3 + 3; i++) {
        const at = y * width * 3 + i;
        const value = data[at] as number;
        data[at] = Math.round(value + ((row[i] as number) - value) * weight);
      }
    }
  }
}

function medianColour({ data }: Picture): number[] {
  return [0, 1, 2].map((channel) => {
    const histogram = new Uint32Array(256);
    for (let at = channel; at < data.length; at += 3) {
      const value = data[at] as number;
      histogram[value] = (histogram[value] as number) + 1;
    }
    let below = 0;
    return histogram.findIndex((count) => (below += count) * 6 >= data.length);
  });
}

/**
 * A Gaussian blur of the picture. Strong blurs are computed on a picture made smaller (box average) until the
 * deviation is two or three pixels, and interpolated between its pixels: nothing of it can be seen, and it keeps the time
 * per pixel constant.
 */
function gaussianBlur(picture: Picture, deviation: number): Target {
  const factor = Math.max(1, Math.floor(deviation / 2));
  const small = { width: Math.ceil(picture.width / factor), height: Math.ceil(picture.height / factor) };
  const stride = picture.width * 3;
  const read: ReadRow = (y) => picture.data.subarray(y * stride, (y + 1) * stride);
  const values = new Float32Array(small.width * small.height * 3);
  resample(read, picture, small, "area", (y, row) => {
    values.set(row, y * row.length);
  });
  // The box average already blurred by the variance of a box.
  const kernel = gaussianKernel(Math.sqrt(deviation ** 2 - (factor ** 2 - 1) / 12) / factor);
  const pixel = 3;
  const line = small.width * pixel;
  const passed = convolve(values, kernel, small.height, small.width, line, pixel);
  const blurred = convolve(passed, kernel, small.width, small.height, pixel, line);
  return interpolateRows(blurred, small, picture);
}

/** Rows of `values` (of size `small`), enlarged bilinearly to `large`. */
function interpolateRows(values: Float32Array, small: Size, large: Size): Target {
  const column = makePlaces(large.width, small.width);
  const line = makePlaces(large.height, small.height);
  const mixed = new Float32Array(small.width * 3);
  const result = new Float32Array(large.width * 3);
  return (y) => {
    const upper = (line.first[y] as number) * mixed.length;
    const lower = (line.second[y] as number) * mixed.length;
    const down = line.share[y] as number;
    for (let i = 0; i < mixed.length; i++) {
      const value = values[upper + i] as number;
      mixed[i] = value + ((values[lower + i] as number) - value) * down;
    }
    for (let x = 0; x < large.width; x++) {
      const left = (column.first[x] as number) * 3;
      const right = (column.second[x] as number) * 3;
      const across = column.share[x] as number;
      for (let channel = 0; channel < 3; channel++) {
        const value = mixed[left + channel] as number;
        result[x * 3 + channel] = value + ((mixed[right + channel] as number) - value) * across;
      }
    }
    return result;
  };
}

/** For each of `to` positions the two of `from` positions between which it lies, and how far it is towards the second. */
function makePlaces(
  to: number,
  from: number,
): { first: Int32Array; second: Int32Array; share: Float64Array } {
  const exact = Float64Array.from({ length: to }, (_, i) =>
    Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5)),
  );
  const first = Int32Array.from(exact, Math.floor);
  return {
    first,
    second: first.map((place) => Math.min(place + 1, from - 1)),
    share: exact.map((place, i) => place - (first[i] as number)),
  };
}

/** Half of a Gaussian, from its centre out to four deviations, scaled so that the whole sums to one. */
function gaussianKernel(deviation: number): number[] {
  const reach = Math.floor(4 * deviation + 0.5);
  const half = Array.from({ length: reach + 1 }, (_, i) =>
    Math.exp((-0.5 * i * i) / (deviation * deviation)),
  );
  const sum = half.reduce((total, value, i) => total + (i === 0 ? value : 2 * value), 0);
  return half.map((value) => value / sum);
}

/**
 * Convolves every line of `length` pixels that are `step` values apart; there are `lines` of them, `stride` apart.
 * Beyond the ends the line is mirrored with its end pixel repeated (scipy's "reflect").
 */
function convolve(
  values: Float32Array,
  kernel: readonly number[],
  lines: number,
  length: number,
  stride: number,
  step: number,
): Float32Array {
  const reach = kernel.length - 1;
  const offsets = Int32Array.from({ length: length + 2 * reach }, (_, i) => repeat(i - reach, length) * step);
  const result = new Float32Array(values.length);
  for (let line = 0; line < lines; line++) {
    for (let position = 0; position < length; position++) {
      for (let channel = 0; channel < 3; channel++) {
        const base = line * stride + channel;
        let sum = (kernel[0] as number) * (values[base + position * step] as number);
        for (let i = 1; i <= reach; i++) {
          const before = values[base + (offsets[position + reach - i] as number)] as number;
          const after = values[base + (offsets[position + reach + i] as number)] as number;
          sum += (kernel[i] as number) * (before + after);
        }
        result[base + position * step] = sum;
      }
    }
  }
  return result;
}

function repeat(position: number, length: number): number {
  const period = 2 * length;
  const inside = ((position % period) + period) % period;
  return inside < length ? inside : period - 1 - inside;
}
