import { open, stat, type FileHandle } from "node:fs/promises";
import { fileFailure, RfmError, throwIfCancelled } from "../files";
import type { Picture } from "./picture";
import { HEAD_BYTES, recognise, type PictureFormat } from "./recognise";
import { loadSharp, plainBytes } from "./sharp";

/** The longest side of a picture that is decoded, in pixels. */
export const MAXIMUM_SIDE = 30_000;
/** The most pixels of a picture that is decoded (the largest phone cameras have 200 megapixels). */
export const MAXIMUM_PIXELS = 200_000_000;
/** The shortest side in which a face could be found, in pixels. */
export const MINIMUM_SIDE = 16;

export interface DecodeOptions {
  /** Makes the picture smaller while decoding, so that neither side is longer (pixels); never larger. */
  readonly maximumSide?: number;
  /** Refuses pictures with a shorter side (pixels); {@link MINIMUM_SIDE} unless given. */
  readonly minimumSide?: number;
  readonly signal?: AbortSignal;
}

/**
 * Decodes a photo to upright 8-bit sRGB: JPEG, PNG, WebP, AVIF, TIFF (first page) or GIF (first frame), recognised by
 * content. EXIF orientation is applied, an embedded ICC profile is converted to sRGB, CMYK and grey become RGB, 16 bits
 * become 8, transparency is laid over white.
 * @throws RfmError "file" (missing, a folder, unreadable) or "picture" (everything else), one sentence naming the
 * file; sizes are checked before any pixel is decoded
 */
export async function decodePicture(path: string, options: DecodeOptions = {}): Promise<Picture> {
  throwIfCancelled(options.signal);
  const format = await recogniseFile(path);
  const sharp = await loadSharp();
  try {
    // The size is judged here, with a sentence; sharp's own limit is lifted for this look at the header only.
    const { width, height } = await sharp(path, { limitInputPixels: false }).metadata();
    checkSize(path, width, height, options.minimumSide ?? MINIMUM_SIDE);
    throwIfCancelled(options.signal);
    const { maximumSide } = options;
    const upright = sharp(path, { limitInputPixels: MAXIMUM_PIXELS, failOn: "error" }).autoOrient();
    const sized =
      maximumSide === undefined
        ? upright
        : upright.resize({
            width: maximumSide,
            height: maximumSide,
            fit: "inside",
            withoutEnlargement: true,
          });
    const { data, info } = await sized
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    throwIfCancelled(options.signal);
    return { width: info.width, height: info.height, data: plainBytes(data) };
  } catch (error) {
    if (error instanceof RfmError) throw error;
    const name = format === "webp" ? "WebP" : format.toUpperCase();
    throw new RfmError(
      "picture",
      `${path} is a damaged or incomplete ${name} picture; get a whole copy of it, or open it in a picture program and save it again.`,
      { cause: error },
    );
  }
}

function checkSize(path: string, width: number, height: number, minimumSide: number): void {
  if (width > MAXIMUM_SIDE || height > MAXIMUM_SIDE || width * height > MAXIMUM_PIXELS) {
    throw new RfmError(
      "picture",
      `${path} is ${width}x${height} pixels, more than is decoded here (${MAXIMUM_PIXELS / 1e6} megapixels, ${MAXIMUM_SIDE} a side); make it smaller or crop it first.`,
    );
  }
  if (Math.min(width, height) < minimumSide) {
    throw new RfmError(
      "picture",
      `${path} is ${width}x${height} pixels, too small to hold a face; give a picture of at least ${minimumSide} pixels a side.`,
    );
  }
}

/** Opens the file, recognises its content and refuses what is not decoded. */
async function recogniseFile(path: string): Promise<PictureFormat> {
  try {
    // Asked before opening: opening a pipe would wait for its other end.
    const status = await stat(path);
    if (status.isDirectory()) throw new RfmError("file", `${path} is a folder; give the pictures in it.`);
    if (!status.isFile()) throw new RfmError("file", `${path} is no regular file; give a picture.`);
    const file = await open(path, "r");
    try {
      return await recogniseContent(path, file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileFailure(path, "read", error);
  }
}

async function recogniseContent(path: string, file: FileHandle): Promise<PictureFormat> {
  const readAt = async (offset: number, length: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
  const head = await readAt(0, HEAD_BYTES);
  if (head.length === 0) throw new RfmError("picture", `${path} is empty; get a whole copy of the picture.`);
  const recognised = await recognise(head, readAt);
  if ("refusal" in recognised) throw new RfmError("picture", `${path} ${recognised.refusal}.`);
  return recognised.format;
}
