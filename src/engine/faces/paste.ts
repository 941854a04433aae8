import type { Picture } from "./picture";
import { checkQuad, photoToCrop, quadBounds, quadSide, type Quad } from "./quad";
import { resample, weigh } from "./resample";

export interface PasteOptions {
  /** Width of the soft edge as a share of the crop's half side, in (0, 1]; 0.35 unless given. */
  readonly feather?: number;
}

/**
 * Puts an edited face back into its photo. Not the crop is pasted but its *change*: `edited - original`, warped back
 * and laid onto the photo under a soft, rounded mask. So the photo keeps its own resolution and grain even under a small
 * model, what the edit did not touch stays as it is to the byte, and no change gives the photo itself.
 * @param original the aligned crop before the edit: the reconstruction when `edited` came from the same model
 * @param edited the crop after it, of the same size
 */
export function pasteBack(
  photo: Picture,
  original: Picture,
  edited: Picture,
  quad: Quad,
  options: PasteOptions = {},
): Picture {
  checkQuad(quad);
  const { feather = 0.35 } = options;
  if (!(feather > 0 && feather <= 1)) throw new RangeError(`feather is ${feather}, not in (0, 1].`);
  const change = differenceAt(original, edited, quadSide(quad));
  const { size } = change;
  const { a, b, c, d, e, f } = photoToCrop(quad, size);
  const bounds = quadBounds(quad);
  const columns = [
    Math.max(0, Math.ceil(bounds.left)),
    Math.min(photo.width - 1, Math.floor(bounds.right)),
  ] as const;
  const rows = [
    Math.max(0, Math.ceil(bounds.top)),
    Math.min(photo.height - 1, Math.floor(bounds.bottom)),
  ] as const;
  // Clamped: sums are rounded (ties to even) and cut to 0..255 as they are stored.
  const data = new Uint8ClampedArray(photo.data);
  const sample = new Float64Array(3);
  for (let y = rows[0]; y <= rows[1]; y++) {
    for (let x = columns[0]; x <= columns[1]; x++) {
      const u = a * x + b * y + c;
      const v = d * x + e * y + f;
      const weight = maskAt((2 * u) / size - 1, (2 * v) / size - 1, feather);
      if (weight === 0) continue;
      sampleBicubic(change, u - 0.5, v - 0.5, sample);
      const at = (y * photo.width + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        data[at + channel] = (data[at + channel] as number) + (sample[channel] as number) * weight;
      }
    }
  }
  return { width: photo.width, height: photo.height, data: new Uint8Array(data.buffer) };
}

/** A square of signed changes, three channels interleaved. */
interface Change {
  readonly size: number;
  readonly values: Float32Array;
}

/** `edited - original`; made smaller first where the face is smaller in the photo than in the crop. */
function differenceAt(original: Picture, edited: Picture, side: number): Change {
  const { width } = original;
  if (original.height !== width || edited.width !== width || edited.height !== width) {
    throw new RangeError("The crops before and after an edit must be squares of one size.");
  }
  const size = Math.min(width, Math.max(1, Math.round(side)));
  const values = new Float32Array(size * size * 3);
  const read = (y: number, row: Float32Array): Float32Array => {
    const start = y * row.length;
    for (let i = 0; i < row.length; i++) {
      row[i] = (edited.data[start + i] as number) - (original.data[start + i] as number);
    }
    return row;
  };
  resample(read, original, { width: size, height: size }, "area", (y, row) => {
    values.set(row, y * row.length);
  });
  return { size, values };
}

/**
 * 1 in the middle, 0 from the border on, smooth between: a smoothstep over a square with round corners (superellipse of
 * degree 4).
 * @param x -1 at the left border, 1 at the right one; `y` likewise
 */
function maskAt(x: number, y: number, feather: number): number {
  const distance = Math.sqrt(Math.sqrt(x ** 4 + y ** 4));
  const share = Math.min(1, Math.max(0, (1 - distance) / feather));
  return share * share * (3 - 2 * share);
}

/** Scratch of {@link sampleBicubic}: it runs for every pixel. */
const weights = new Float64Array(4);

/** The change at pixel coordinates (x, y), by Catmull-Rom interpolation, which keeps the values at the pixels themselves. */
function sampleBicubic({ size, values }: Change, x: number, y: number, result: Float64Array): void {
  const left = Math.floor(x) - 1;
  const top = Math.floor(y) - 1;
  for (let i = 0; i < 4; i++) weights[i] = weigh("bicubic", left + i - x);
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let row = top; row < top + 4; row++) {
    const down = weigh("bicubic", row - y);
    const line = Math.min(Math.max(row, 0), size - 1) * size;
    for (let i = 0; i < 4; i++) {
      const weight = down * (weights[i] as number);
      const at = (line + Math.min(Math.max(left + i, 0), size - 1)) * 3;
      red += weight * (values[at] as number);
      green += weight * (values[at + 1] as number);
      blue += weight * (values[at + 2] as number);
    }
  }
  result[0] = red;
  result[1] = green;
  result[2] = blue;
}
