import { extname } from "node:path";
import { RfmError, writeFileAtomically } from "../files";
import type { Picture } from "./picture";
import { loadSharp } from "./sharp";

/** Formats that animations are written in. */
export type AnimationFormat = "webp" | "gif";

export interface AnimationOptions {
  /** Milliseconds that each frame is shown. GIF counts in hundredths of a second. */
  readonly delay: number;
  /** Quality of WebP, 1..100; 90 unless given. GIF has at most 256 colours a frame. */
  readonly quality?: number;
}

const FORMATS: Readonly<Record<string, AnimationFormat>> = { ".webp": "webp", ".gif": "gif" };
/** All frames are in memory at once, one below the other in a picture that the library counts in 32 bits. */
const MOST_BYTES = 2 ** 30;

/**
 * The format that a file name's ending asks for.
 * @throws RfmError "usage" for any other ending
 */
export function animationFormatOf(path: string): AnimationFormat {
  const format = FORMATS[extname(path).toLowerCase()];
  if (format === undefined)
    throw new RfmError("usage", `${path} has no ending of an animation; end it in .webp or .gif.`);
  return format;
}

/**
 * Checks that so many frames fit into memory, before the first is drawn.
 * @throws RfmError "usage" where they do not
 */
export function checkFrames(count: number, width: number, height: number): void {
  const most = Math.floor(MOST_BYTES / (3 * width * height));
  if (count <= most) return;
  throw new RfmError(
    "usage",
    `${count} frames of ${width}x${height} pixels are too many for one animation; give at most ${most}.`,
  );
}

/**
 * Writes pictures of one size as an animation that repeats for ever, as WebP or GIF by the ending of its name; the file appears
 * whole or not at all.
 *
 * @throws RfmError "usage" for another ending, no frame, or frames of several sizes or too many, "file" when it cannot be written
 */
export async function writeAnimation(
  frames: readonly Picture[],
  path: string,
  { delay, quality = 90 }: AnimationOptions,
): Promise<void> {
  const format = animationFormatOf(path);
  const [first] = frames;
  if (first === undefined) throw new RfmError("usage", `There is no frame for ${path}; give at least one.`);
  const { width, height } = first;
  if (frames.some((frame) => frame.width !== width || frame.height !== height))
    throw new RfmError("usage", `The frames for ${path} have several sizes; make them alike.`);
  checkFrames(frames.length, width, height);
  const pixels = Buffer.concat(frames.map(({ data }) => data));
  const sharp = await loadSharp();
  const raw = { width, height: height * frames.length, channels: 3, pageHeight: height } as const;
  const image = sharp(pixels, { raw, limitInputPixels: false });
  // One number would count for the first frame only.
  const timing = { delay: frames.map(() => delay), loop: 0 };
  const encoded = format === "webp" ? image.webp({ ...timing, quality }) : image.gif(timing);
  await writeFileAtomically(path, await encoded.toBuffer());
}
