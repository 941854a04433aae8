import { RfmError } from "../files";
import { padWithBlur } from "./border";
import type { Picture } from "./picture";
import { checkQuad, cropToPhoto, quadBounds, quadSide, type Quad } from "./quad";
import { resampleToPicture, resizePicture, type ReadRow } from "./resample";

/** The quad is first sampled at this many times the crop's size, then averaged down (FFHQ: 4096 for 1024). */
const SUPERSAMPLING = 4;

/**
 * Cuts an aligned face out of its photo: the quad, warped to `size` x `size` pixels. The steps are those of FFHQ's
 * alignment script: a large face is first made smaller by a whole factor, the picture is continued beyond its
 * edges where the quad comes near them (mirrored, blurred), the quad is sampled bilinearly at four times the size and
 * brought down by a Lanczos kernel. Two differences: pixel centres stay in place when the picture is made smaller, and only the
 * face's surroundings are worked on, never the whole photo.
 * @throws RfmError "picture" when the quad is no square or lies outside the photo
 */
export function cropQuad(picture: Picture, quad: Quad, size: number): Picture {
  checkQuad(quad);
  const region = prepareRegion(picture, quad, size);
  const full = size * SUPERSAMPLING;
  const { a, b, c, d, e, f } = cropToPhoto(region.quad, full);
  const read: ReadRow = (row, scratch) => {
    const v = row + 0.5;
    sampleLine(region.picture, a / 2 + b * v + c, d / 2 + e * v + f, a, d, scratch);
    return scratch;
  };
  return resampleToPicture(read, { width: full, height: full }, { width: size, height: size }, "lanczos");
}

/** Bilinear samples at (x, y), (x + dx, y + dy), ... until the row is full. */
function sampleLine(picture: Picture, x: number, y: number, dx: number, dy: number, row: Float32Array): void {
  const { width, height, data } = picture;
  for (let i = 0; i < row.length; i += 3) {
    const px = Math.min(Math.max(x + (dx * i) / 3, 0), width - 1);
    const py = Math.min(Math.max(y + (dy * i) / 3, 0), height - 1);
    const left = Math.floor(px);
    const top = Math.floor(py);
    const upper = (top * width + left) * 3;
    const lower = top + 1 < height ? upper + width * 3 : upper;
    const right = left + 1 < width ? 3 : 0;
    const across = px - left;
    const down = py - top;
    for (let channel = 0; channel < 3; channel++) {
      const p = data[upper + channel] as number;
      const q = data[upper + right + channel] as number;
      const r = data[lower + channel] as number;
      const s = data[lower + right + channel] as number;
      const above = p + (q - p) * across;
      row[i + channel] = above + (r + (s - r) * across - above) * down;
    }
  }
}

interface Region {
  readonly picture: Picture;
  /** The quad in the coordinates of the region's picture. */
  readonly quad: Quad;
}

/** The surroundings of the face, made smaller and padded where needed. */
function prepareRegion(picture: Picture, quad: Quad, size: number): Region {
  const shrunk = shrinkRegion(picture, quad, Math.floor(quadSide(quad) / size / 2));
  const side = quadSide(shrunk.quad);
  const border = borderOf(side);
  const bounds = quadBounds(shrunk.quad);
  const outside = {
    left: border - Math.floor(bounds.left),
    top: border - Math.floor(bounds.top),
    right: Math.ceil(bounds.right) - shrunk.picture.width + border,
    bottom: Math.ceil(bounds.bottom) - shrunk.picture.height + border,
  };
  if (Math.max(...Object.values(outside)) <= border - 4) return shrunk;
  const least = Math.max(1, Math.round(side * 0.3));
  const padding = {
    left: Math.max(least, outside.left),
    top: Math.max(least, outside.top),
    right: Math.max(least, outside.right),
    bottom: Math.max(least, outside.bottom),
  };
  return {
    picture: padWithBlur(shrunk.picture, padding, side * 0.02),
    quad: moveQuad(shrunk.quad, 1, padding.left, padding.top),
  };
}

/** How far around the quad the picture matters, in pixels. */
function borderOf(side: number): number {
  return Math.max(3, Math.round(side * 0.1));
}

/** Cuts out the quad with its border, as far as the picture reaches, each `factor` x `factor` pixels averaged into one. */
function shrinkRegion(picture: Picture, quad: Quad, wanted: number): Region {
  const factor = Math.max(1, Math.min(wanted, picture.width, picture.height));
  const border = borderOf(quadSide(quad) / factor);
  const bounds = quadBounds(moveQuad(quad, 1 / factor, 0, 0));
  const left = Math.max(0, Math.floor(bounds.left) - border);
  const top = Math.max(0, Math.floor(bounds.top) - border);
  const right = Math.min(Math.floor(picture.width / factor), Math.ceil(bounds.right) + border);
  const bottom = Math.min(Math.floor(picture.height / factor), Math.ceil(bounds.bottom) + border);
  if (right <= left || bottom <= top) {
    throw new RfmError("picture", "The face's quad lies outside the photo; align the photo again.");
  }
  return {
    picture: cut(picture, left, top, right - left, bottom - top, factor),
    quad: moveQuad(quad, 1 / factor, -left, -top),
  };
}

/** Cuts `width` x `height` pixels of the picture made smaller by `factor`, starting there at (left, top). */
function cut(
  picture: Picture,
  left: number,
  top: number,
  width: number,
  height: number,
  factor: number,
): Picture {
  const stride = picture.width * 3;
  const data = new Uint8Array(width * height * factor * factor * 3);
  for (let y = 0; y < height * factor; y++) {
    const from = (top * factor + y) * stride + left * factor * 3;
    data.set(picture.data.subarray(from, from + width * factor * 3), y * width * factor * 3);
  }
  const whole = { width: width * factor, height: height * factor, data };
  return factor === 1 ? whole : resizePicture(whole, width, height, "area");
}

/** Scales a quad about the picture's upper left corner (half a pixel before the first pixel's centre), then shifts it. */
function moveQuad(quad: Quad, scale: number, dx: number, dy: number): Quad {
  const [p, q, r, s] = quad;
  const move = ([x, y]: readonly [number, number]): [number, number] => [
    (x + 0.5) * scale - 0.5 + dx,
    (y + 0.5) * scale - 0.5 + dy,
  ];
  return [move(p), move(q), move(r), move(s)];
}
