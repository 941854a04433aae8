import { isRawTiff, type ReadAt } from "./rawTiff";

/** Picture formats that {@link decodePicture} reads. */
export type PictureFormat = "jpeg" | "png" | "webp" | "avif" | "tiff" | "gif";

/** What the content of a file is: a format that is read, or the end of the sentence that refuses it. */
export type Recognised = { readonly format: PictureFormat } | { readonly refusal: string };

const SAVE_AS = "save it as JPEG or PNG first";
const HEIC =
  "is an HEIC photo, which is not read here; convert it to JPEG first (heif-convert IN.heic OUT.jpg, or export it as JPEG from your photo program)";
const RAW =
  "is a camera RAW file, which is not read here; export it as JPEG or TIFF from your RAW converter first (darktable, RawTherapee, Lightroom, ...)";

/** Signatures at fixed offsets; the first that fits wins. TIFF and ISO media files are looked at more closely. */
const SIGNATURES: readonly (readonly [offset: number, bytes: string, what: Recognised])[] = [
  [0, "\xff\xd8\xff", { format: "jpeg" }],
  [0, "\x89PNG\r\n\x1a\n", { format: "png" }],
  [0, "GIF87a", { format: "gif" }],
  [0, "GIF89a", { format: "gif" }],
  [0, "FUJIFILMCCD-RAW", { refusal: RAW }],
  [0, "IIRO", { refusal: RAW }],
  [0, "IIRS", { refusal: RAW }],
  [0, "MMOR", { refusal: RAW }],
  [0, "IIU\0", { refusal: RAW }],
  [0, "FOVb", { refusal: RAW }],
  [0, "\0MRM", { refusal: RAW }],
  [6, "HEAPCCDR", { refusal: RAW }],
  [0, "\0\0\0\x0cJXL \r\n", { refusal: `is a JPEG XL picture, which is not read here; ${SAVE_AS}` }],
  [0, "\xff\x0a", { refusal: `is a JPEG XL picture, which is not read here; ${SAVE_AS}` }],
  [0, "\0\0\0\x0cjP  \r\n", { refusal: `is a JPEG 2000 picture, which is not read here; ${SAVE_AS}` }],
  [0, "8BPS", { refusal: `is a Photoshop document, which is not read here; ${SAVE_AS}` }],
  [0, "BM", { refusal: `is a BMP picture, which is not read here; ${SAVE_AS}` }],
  [0, "%PDF", { refusal: "is a PDF document, not a picture; give a photo" }],
  [
    0,
    "version https://git-lfs.github.com/spec/",
    { refusal: "is a Git LFS pointer, not the picture itself; run `git lfs pull` and try again" },
  ],
];

/** How many bytes of the beginning of a file {@link recognise} wants to see. */
export const HEAD_BYTES = 4096;

/**
 * Recognises a file by its content; its name plays no part.
 * @param head the first {@link HEAD_BYTES} bytes, or all of a shorter file
 * @param readAt reads further on: RAW files of most makers are TIFF files inside
 */
export async function recognise(head: Buffer, readAt: ReadAt): Promise<Recognised> {
  const text = head.toString("latin1");
  const signed = SIGNATURES.find(([offset, bytes]) => text.startsWith(bytes, offset));
  if (signed !== undefined) return signed[2];
  if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) return { format: "webp" };
  if (text.startsWith("ftyp", 4)) return recogniseMedia(text);
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) {
    return (await isRawTiff(head, readAt)) ? { refusal: RAW } : { format: "tiff" };
  }
  if (text.startsWith("II+\0") || text.startsWith("MM\0+")) return { format: "tiff" };
  if (isText(head))
    return { refusal: "holds text, not a picture; give a JPEG, PNG, WebP, AVIF, TIFF or GIF file" };
  return { refusal: "is not a picture that is read here; give a JPEG, PNG, WebP, AVIF, TIFF or GIF file" };
}

/** ISO base media files: AVIF, HEIC and CR3 differ by the brands that the first box lists. */
function recogniseMedia(text: string): Recognised {
  const end = Math.min(text.length, Math.max(16, (text.charCodeAt(2) << 8) | text.charCodeAt(3)));
  const brands = [text.slice(8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(text.slice(at, at + 4));
  if (brands.includes("crx ")) return { refusal: RAW };
  if (brands.includes("avif") || brands.includes("avis")) return { format: "avif" };
  if (brands.some((brand) => /^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand))) return { refusal: HEIC };
  return {
    refusal: "is a video or another media file, not a photo; give a JPEG, PNG, WebP, AVIF, TIFF or GIF file",
  };
}

/** No control characters but the usual white space, so neither NUL: text in any superset of ASCII. */
function isText(head: Buffer): boolean {
  return head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13) || byte === 27);
}
