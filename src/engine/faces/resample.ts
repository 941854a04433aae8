import type { Picture } from "./picture";

/** How pixels are weighed: `area` is the exact box average, the others are Pillow's kernels of these names. */
export type Kernel = "area" | "bilinear" | "bicubic" | "lanczos";

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Gives row `y` of the source: `3 * width` numbers, interleaved; may use `scratch` (that long) to hold them. */
export type ReadRow = (y: number, scratch: Float32Array) => ArrayLike<number>;

/** Takes row `y` of the result; the array is reused for the next one. */
export type WriteRow = (y: number, row: Float64Array) => void;

/** For every target position the first source position and the weights of it and its followers, `span` a position. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Float64Array;
  readonly span: number;
}

/**
 * Separable resampling of three interleaved channels, row by row, so that the source may be computed on the fly and
 * never lies in memory as a whole. When shrinking, kernels widen with the factor (antialiasing); at the edges their
 * weights are normalised over what is inside. Unlike Pillow, nothing is rounded between the two passes.
 */
export function resample(read: ReadRow, from: Size, to: Size, kernel: Kernel, write: WriteRow): void {
  const across = makeTaps(from.width, to.width, kernel);
  const down = makeTaps(from.height, to.height, kernel);
  const scratch = new Float32Array(from.width * 3);
  // A ring of finished rows: windows only move downwards, so `span` of them are enough.
  const ring = Array.from({ length: down.span }, () => new Float32Array(to.width * 3));
  const result = new Float64Array(to.width * 3);
  let ready = 0;
  for (let y = 0; y < to.height; y++) {
    const first = down.first[y] as number;
    const count = down.count[y] as number;
    for (; ready < first + count; ready++) {
      resampleRow(read(ready, scratch), across, to.width, ring[ready % down.span] as Float32Array);
    }
    result.fill(0);
    for (let tap = 0; tap < count; tap++) {
      const row = ring[(first + tap) % down.span] as Float32Array;
      const weight = down.weights[y * down.span + tap] as number;
      for (let i = 0; i < result.length; i++) result[i] = (result[i] as number) + weight * (row[i] as number);
    }
    write(y, result);
  }
}

/** {@link resample} into bytes: rounded to the nearest (ties to even), clamped to 0..255. */
export function resampleToPicture(read: ReadRow, from: Size, to: Size, kernel: Kernel): Picture {
  const bytes = new Uint8ClampedArray(to.width * to.height * 3);
  resample(read, from, to, kernel, (y, row) => {
    bytes.set(row, y * row.length);
  });
  return { ...to, data: new Uint8Array(bytes.buffer) };
}

/** Resizes a picture; `area` for making smaller and `bicubic` for making larger are the defaults. */
export function resizePicture(picture: Picture, width: number, height: number, kernel?: Kernel): Picture {
  const smaller = width * height < picture.width * picture.height;
  const stride = picture.width * 3;
  return resampleToPicture(
    (y) => picture.data.subarray(y * stride, (y + 1) * stride),
    picture,
    { width, height },
    kernel ?? (smaller ? "area" : "bicubic"),
  );
}

function resampleRow(source: ArrayLike<number>, taps: Taps, width: number, target: Float32Array): void {
  const { first, count, weights, span } = taps;
  for (let x = 0; x < width; x++) {
    let at = (first[x] as number) * 3;
    let red = 0;
    let green = 0;
    let blue = 0;
    const end = x * span + (count[x] as number);
    for (let tap = x * span; tap < end; tap++, at += 3) {
      const weight = weights[tap] as number;
      red += weight * (source[at] as number);
      green += weight * (source[at + 1] as number);
      blue += weight * (source[at + 2] as number);
    }
    target[x * 3] = red;
    target[x * 3 + 1] = green;
    target[x * 3 + 2] = blue;
  }
}

const SUPPORT: Record<Kernel, number> = { area: 0.5, bilinear: 1, bicubic: 2, lanczos: 3 };

function makeTaps(from: number, to: number, kernel: Kernel): Taps {
  const ratio = from / to;
  const stretch = Math.max(ratio, 1);
  const reach = SUPPORT[kernel] * stretch;
  const span = Math.min(from, Math.ceil(reach * 2) + 2);
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Float64Array(to * span);
  for (let position = 0; position < to; position++) {
    const centre = (position + 0.5) * ratio;
    const start = Math.max(0, Math.floor(centre - reach));
    const end = Math.min(from, Math.ceil(centre + reach));
    let sum = 0;
    for (let source = start; source < end; source++) {
      const weight =
        kernel === "area"
          ? Math.max(0, Math.min(source + 1, centre + reach) - Math.max(source, centre - reach))
          : weigh(kernel, (source + 0.5 - centre) / stretch);
      weights[position * span + source - start] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < end - start; tap++) {
      weights[position * span + tap] = (weights[position * span + tap] as number) / sum;
    }
    first[position] = start;
    count[position] = end - start;
  }
  return { first, count, weights, span };
}

/** Weight of a kernel at distance `x` from its centre; bicubic is Catmull-Rom (a = -0.5), Lanczos has three lobes. */
export function weigh(kernel: Exclude<Kernel, "area">, x: number): number {
  const distance = Math.abs(x);
  if (kernel === "bilinear") return Math.max(0, 1 - distance);
  if (kernel === "bicubic") {
    if (distance >= 2) return 0;
    if (distance >= 1) return ((-0.5 * distance + 2.5) * distance - 4) * distance + 2;
    return (1.5 * distance - 2.5) * distance * distance + 1;
  }
  if (distance >= 3) return 0;
  if (distance === 0) return 1;
  const angle = Math.PI * distance;
  return (3 * Math.sin(angle) * Math.sin(angle / 3)) / (angle * angle);
}
