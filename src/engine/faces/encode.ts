import { extname } from "node:path";
import { RfmError, writeFileAtomically } from "../files";
import type { Picture } from "./picture";
import { loadSharp } from "./sharp";

/** Formats that pictures are written in. */
export type EncodedFormat = "png" | "jpeg" | "webp";

export interface EncodeOptions {
  /** Quality of JPEG and WebP, 1..100; 95 unless given. PNG is lossless. */
  readonly quality?: number;
}

const FORMATS: Readonly<Record<string, EncodedFormat>> = {
  ".png": "png",
  ".jpg": "jpeg",
  ".jpeg": "jpeg",
  ".webp": "webp",
};

/** The longest side that each format can hold, in pixels. */
const LONGEST: Record<EncodedFormat, number> = { png: 2 ** 31 - 1, jpeg: 65_535, webp: 16_383 };

/**
 * The format that a file name's ending asks for.
 * @throws RfmError "usage" for any other ending
 */
export function formatOf(path: string): EncodedFormat {
  const format = FORMATS[extname(path).toLowerCase()];
  if (format === undefined) {
    throw new RfmError("usage", `${path} has no ending of a picture format; end it in .png, .jpg or .webp.`);
  }
  return format;
}

/** A picture as the bytes of a file; the same picture and options give the same bytes. */
export async function encodePictureBytes(
  picture: Picture,
  format: EncodedFormat,
  options: EncodeOptions = {},
): Promise<Buffer> {
  const { quality = 95 } = options;
  const { width, height } = picture;
  if (Math.max(width, height) > LONGEST[format]) {
    throw new RfmError(
      "picture",
      `A picture of ${width}x${height} pixels does not fit into the format ${format.toUpperCase()}; write it as PNG.`,
    );
  }
  const sharp = await loadSharp();
  const image = sharp(picture.data, { raw: { width, height, channels: 3 } });
  switch (format) {
    case "png":
      return image.png().toBuffer();
    case "jpeg":
      return image.jpeg({ quality, chromaSubsampling: "4:4:4" }).toBuffer();
    case "webp":
      return image.webp({ quality, smartSubsample: true }).toBuffer();
  }
}

/**
 * Writes a picture as PNG, JPEG or WebP, by the ending of its name; the file appears whole or not at all.
 * @throws RfmError "usage" for another ending, "file" when it cannot be written
 */
export async function encodePicture(
  picture: Picture,
  path: string,
  options: EncodeOptions = {},
): Promise<void> {
  await writeFileAtomically(path, await encodePictureBytes(picture, formatOf(path), options));
}
