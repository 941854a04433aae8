import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { CancelledError, RfmError } from "../../../src/engine/files";
import { decodePicture, type Picture } from "../../../src/engine/faces";
import { difference, gradientPicture, paint, PHOTOS, pixel, temporaryFolder, writeIn } from "./pictures";

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

const sharpOf = ({ data, width, height }: Picture): Sharp =>
  sharp(data, { raw: { width, height, channels: 3 } });

async function decoded(name: string, image: Sharp): Promise<Picture> {
  return decodePicture(await writeIn(folder, name, await image.toBuffer()));
}

describe("formats", () => {
  const original = gradientPicture(96, 64);

  it.each([
    ["png", (image: Sharp) => image.png(), 0],
    ["jpeg", (image: Sharp) => image.jpeg({ quality: 100, chromaSubsampling: "4:4:4" }), 5],
    ["webp", (image: Sharp) => image.webp({ lossless: true }), 0],
    ["avif", (image: Sharp) => image.avif({ lossless: true, effort: 0 }), 3],
    ["tiff", (image: Sharp) => image.tiff({ compression: "lzw" }), 0],
    ["gif", (image: Sharp) => image.gif({ dither: 0 }), 16],
  ] as const)("reads %s, whatever its name", async (format, encode, tolerance) => {
    const picture = await decoded(`${format}.misnamed`, encode(sharpOf(original)));
    expect(difference(picture, original).largest).toBeLessThanOrEqual(tolerance);
  });

  it("takes the first frame of an animation", async () => {
    const frames = await Promise.all(
      [10, 200].map((value) =>
        sharpOf(paint(32, 24, () => [value, value, value]))
          .png()
          .toBuffer(),
      ),
    );
    for (const animation of [
      sharp(frames, { join: { animated: true } }).gif(),
      sharp(frames, { join: { animated: true } }).webp({ lossless: true }),
    ]) {
      const picture = await decoded("animation", animation);
      expect([picture.width, picture.height, ...pixel(picture, 5, 5)]).toEqual([32, 24, 10, 10, 10]);
    }
  });

  it("turns grey and 16 bits into 8-bit RGB", async () => {
    const grey = await decoded(
      "grey",
      sharpOf(paint(32, 32, (x) => [x * 8, x * 8, x * 8]))
        .greyscale()
        .png(),
    );
    expect(grey.data.length).toBe(32 * 32 * 3);
    expect(pixel(grey, 20, 3)).toEqual([160, 160, 160]);
    const samples = Uint16Array.from({ length: 32 * 32 * 3 }, (_, i) => (i % 3) * 20_000 + 5_000);
    const deep = sharp(samples, { raw: { width: 32, height: 32, channels: 3 } });
    const wide = await decoded("16.png", deep.toColourspace("rgb16").png());
    for (const [channel, value] of pixel(wide, 7, 7).entries()) {
      expect(Math.abs(value - (channel * 20_000 + 5_000) / 257)).toBeLessThanOrEqual(1);
    }
    const single = sharp(
      Uint16Array.from({ length: 32 * 32 }, () => 40_000),
      {
        raw: { width: 32, height: 32, channels: 1 },
      },
    );
    const [value = 0, ...others] = pixel(
      await decoded("grey16.png", single.toColourspace("grey16").png()),
      9,
      9,
    );
    expect(others).toEqual([value, value]);
    expect(Math.abs(value - 40_000 / 257)).toBeLessThanOrEqual(1);
  });

  it("converts CMYK, with its profile and without", async () => {
    // Within what a press can print: the conversion must lose little (taking C for R, or black for white, is off by 60 and more).
    const soft = paint(64, 64, (x, y) => [90 + x, 80 + y, 100 + (x + y) / 4]);
    for (const image of [
      sharpOf(soft).toColourspace("cmyk").jpeg({ quality: 100 }),
      sharpOf(soft).withIccProfile("cmyk").toColourspace("cmyk").jpeg({ quality: 100 }),
    ]) {
      const bytes = await image.toBuffer();
      expect((await sharp(bytes).metadata()).channels).toBe(4);
      const picture = await decodePicture(await writeIn(folder, "cmyk.jpg", bytes));
      expect(difference(picture, soft).mean).toBeLessThan(8);
    }
  });

  it("lays transparency over white, in 8 and in 16 bits", async () => {
    const half = sharp({
      create: { width: 32, height: 32, channels: 4, background: { r: 0, g: 100, b: 200, alpha: 0.5 } },
    });
    const bytes = await half.png().toBuffer();
    for (const image of [sharp(bytes).png(), sharp(bytes).toColourspace("rgb16").png()]) {
      const [red = 0, green = 0, blue = 0] = pixel(await decoded("alpha.png", image), 4, 4);
      expect(Math.abs(red - 127.5)).toBeLessThan(2);
      expect(Math.abs(green - 177.5)).toBeLessThan(2);
      expect(Math.abs(blue - 227.5)).toBeLessThan(2);
    }
  });

  it("converts an embedded profile to sRGB", async () => {
    const colours = gradientPicture(64, 64);
    const bytes = await sharpOf(colours).withIccProfile("p3").png().toBuffer();
    const stored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect(difference({ ...colours, data: stored }, colours).largest).toBeGreaterThan(10);
    expect(
      difference(await decodePicture(await writeIn(folder, "p3.png", bytes)), colours).largest,
    ).toBeLessThan(4);
  });
});

describe("orientation", () => {
  const upright = gradientPicture(48, 32);

  /** Where the EXIF specification shows the stored pixel (x, y) of a picture of w x h. */
  const shown: Record<number, (x: number, y: number, w: number, h: number) => [number, number]> = {
    1: (x, y) => [x, y],
    2: (x, y, w) => [w - 1 - x, y],
    3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
    4: (x, y, _w, h) => [x, h - 1 - y],
    5: (x, y) => [y, x],
    6: (x, y, _w, h) => [h - 1 - y, x],
    7: (x, y, w, h) => [h - 1 - y, w - 1 - x],
    8: (x, y, w) => [y, w - 1 - x],
  };

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("%i is made upright", async (orientation) => {
    const turned = orientation >= 5;
    const [width, height] = turned ? [32, 48] : [48, 32];
    const place = shown[orientation];
    if (place === undefined) throw new Error("no such orientation");
    const stored = paint(width, height, (x, y) => {
      const [red = 0, green = 0, blue = 0] = pixel(upright, ...place(x, y, width, height));
      return [red, green, blue];
    });
    const picture = await decoded(
      `turned-${orientation}.png`,
      sharpOf(stored).withMetadata({ orientation }).png(),
    );
    expect(difference(picture, upright).largest).toBe(0);
  });
});

describe("size", () => {
  it("makes a picture smaller while decoding, never larger", async () => {
    const path = join(PHOTOS, "astronaut.png");
    expect(await decodePicture(path, { maximumSide: 128 })).toMatchObject({ width: 128, height: 128 });
    expect(await decodePicture(path, { maximumSide: 4096 })).toMatchObject({ width: 512, height: 512 });
  });

  it("decodes 50 megapixels", async () => {
    const wide = sharpOf(gradientPicture(64, 48)).resize(8660, 5774, { fit: "fill", kernel: "nearest" });
    const path = await writeIn(folder, "50mp.jpg", await wide.jpeg({ quality: 80 }).toBuffer());
    const picture = await decodePicture(path);
    expect(picture.data.length).toBe(8660 * 5774 * 3);
  });

  it("decodes small pictures where the caller has use for them", async () => {
    const path = await writeIn(folder, "8.png", await sharpOf(gradientPicture(8, 8)).png().toBuffer());
    expect(await decodePicture(path, { minimumSide: 1 })).toMatchObject({ width: 8, height: 8 });
  });
});

describe("cancelling", () => {
  it("throws before it opens anything", async () => {
    await expect(decodePicture("/no/such/file", { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
      CancelledError,
    );
  });
});

describe("bad input: one sentence that names the file and the way out", () => {
  async function refusal(path: string): Promise<RfmError> {
    const error: unknown = await decodePicture(path).then(
      () => new Error("was decoded"),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(RfmError);
    const { message } = error as RfmError;
    expect(message.startsWith(path)).toBe(true);
    expect(message).toMatch(/^[^\n]+[;,:] [^\n]+\.$/);
    return error as RfmError;
  }

  function says(error: RfmError, code: string, sentence: RegExp): void {
    expect(error.code).toBe(code);
    expect(error.message).toMatch(sentence);
  }

  async function refusalOf(name: string, bytes: Uint8Array | string): Promise<RfmError> {
    return refusal(await writeIn(folder, name, bytes));
  }

  it("a missing file, a folder, a loop of links", async () => {
    says(await refusal(join(folder, "nothing.jpg")), "file", /does not exist/);
    await mkdir(join(folder, "pictures.png"));
    says(await refusal(join(folder, "pictures.png")), "file", /is a folder/);
    await symlink("loop.png", join(folder, "loop.png"));
    says(await refusal(join(folder, "loop.png")), "file", /cannot be read/);
  });

  it.skipIf(process.platform === "win32")("a pipe, without waiting for it", async () => {
    execFileSync("mkfifo", [join(folder, "pipe.png")]);
    says(await refusal(join(folder, "pipe.png")), "file", /no regular file/);
  });

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "a file without permission",
    async () => {
      const path = join(folder, "secret.png");
      await writeFile(path, "x", { mode: 0 });
      says(await refusal(path), "file", /permission/);
    },
  );

  it("an empty file, text, a Git LFS pointer, bytes of no format", async () => {
    expect((await refusalOf("empty.jpg", "")).message).toMatch(/is empty/);
    expect((await refusalOf("notes.png", "Dear diary,\nno picture today: é.\n")).message).toMatch(
      /holds text/,
    );
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 123\n`;
    expect((await refusalOf("pointer.png", pointer)).message).toMatch(/git lfs pull/);
    expect(
      (
        await refusalOf(
          "noise.png",
          Uint8Array.from({ length: 999 }, (_, i) => (i * 37) % 251),
        )
      ).message,
    ).toMatch(/is not a picture/);
  });

  it("pictures cut short, of every format", async () => {
    const photo = sharp(join(PHOTOS, "astronaut.png"));
    const images = {
      jpeg: photo.clone().jpeg(),
      png: photo.clone().png(),
      webp: photo.clone().webp(),
      tiff: photo.clone().tiff({ compression: "lzw" }),
      gif: photo.clone().gif(),
      avif: photo.clone().resize(64).avif({ effort: 0 }),
    };
    for (const [format, image] of Object.entries(images)) {
      const bytes = await image.toBuffer();
      for (const share of [0.1, 0.5, 0.9]) {
        const error = await refusalOf(`cut.${format}`, bytes.subarray(0, Math.round(bytes.length * share)));
        says(error, "picture", /damaged or incomplete/);
      }
    }
  });

  it("a picture of one pixel", async () => {
    const bytes = await sharpOf(gradientPicture(1, 1)).png().toBuffer();
    expect((await refusalOf("dot.png", bytes)).message).toMatch(/1x1 pixels, too small to hold a face/);
  });

  it("a bomb, before any of its pixels is decoded", async () => {
    const memory = process.memoryUsage().rss;
    for (const [width, height] of [
      [60_000, 60_000],
      [900_000, 3],
      [20_000, 20_000],
    ] as const) {
      const error = await refusalOf("bomb.png", await bombOf(width, height));
      says(error, "picture", /make it smaller or crop it first/);
      expect(error.message).toContain(`${width}x${height}`);
    }
    expect(process.memoryUsage().rss - memory).toBeLessThan(200e6);
  });

  it("HEIC and camera RAW, with the way to convert", async () => {
    for (const brands of ["heic\0\0\0\0mif1heic", "mif1\0\0\0\0mif1heic", "msf1\0\0\0\0hevc"]) {
      expect((await refusalOf("photo.jpg", mediaFile(brands))).message).toMatch(
        /HEIC photo.*convert it to JPEG/,
      );
    }
    const raws = {
      CR3: mediaFile("crx \0\0\0\x01crx isom"),
      CR2: Buffer.from("II*\0\x10\0\0\0CR\x02\0\0\0\0\0", "latin1"),
      RAF: Buffer.from("FUJIFILMCCD-RAW 0201FF", "latin1"),
      ORF: Buffer.from("IIRO\x08\0\0\0", "latin1"),
      RW2: Buffer.from("IIU\0\x08\0\0\0", "latin1"),
      DNG: tiffFile([{ tag: 50706, type: 1, count: 4, value: 0x0104 }]),
      NEF: tiffFile(
        [{ tag: 254, type: 4, count: 1, value: 1 }],
        [{ tag: 262, type: 3, count: 1, value: 32803 }],
      ),
      ARW: tiffFile([{ tag: 259, type: 3, count: 1, value: 32767 }]),
    };
    for (const [kind, bytes] of Object.entries(raws)) {
      expect((await refusalOf(`${kind}.tif`, bytes)).message).toMatch(/camera RAW file.*export it as JPEG/);
    }
  });

  it("other kinds of files by their names", async () => {
    const kinds = {
      "BM\x10\0\0\0": /BMP/,
      "8BPS\0\x01": /Photoshop/,
      "%PDF-1.7": /PDF/,
      "\xff\x0a\0\0": /JPEG XL/,
      "<svg xmlns='http://www.w3.org/2000/svg'/>": /holds text/,
    };
    for (const [bytes, expected] of Object.entries(kinds)) {
      expect((await refusalOf("x.png", Buffer.from(bytes, "latin1"))).message).toMatch(expected);
    }
    expect((await refusalOf("x.mp4", mediaFile("isom\0\0\0\0isomavc1"))).message).toMatch(/video/);
  });

  it("a TIFF whose directories run in a circle", async () => {
    const bytes = tiffFile([{ tag: 330, type: 4, count: 1, value: 8 }]);
    expect((await refusalOf("circle.tif", bytes)).message).toMatch(/damaged or incomplete TIFF/);
  });
});

/** A PNG that claims a size: one grey bit a pixel, the data of its first bytes only. */
async function bombOf(width: number, height: number): Promise<Buffer> {
  const bytes = Buffer.from(await sharpOf(gradientPicture(1, 1)).png().toBuffer());
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The first box of an ISO media file: major brand, version, compatible brands. */
function mediaFile(brands: string): Buffer {
  const box = Buffer.from(`\0\0\0\0ftyp${brands}`, "latin1");
  box.writeUInt32BE(box.length, 0);
  return Buffer.concat([box, Buffer.alloc(64)]);
}

interface Entry {
  tag: number;
  type: number;
  count: number;
  value: number;
}

/** A little-endian TIFF of one directory, and of a subdirectory of it where given. */
function tiffFile(entries: Entry[], sub?: Entry[]): Buffer {
  const subOffset = 8 + 2 + (entries.length + 1) * 12 + 4;
  const all = sub === undefined ? entries : [...entries, { tag: 330, type: 4, count: 1, value: subOffset }];
  return Buffer.concat([
    Buffer.from("II*\0\x08\0\0\0", "latin1"),
    directory(all),
    ...(sub === undefined ? [] : [directory(sub)]),
  ]);
}

function directory(entries: Entry[]): Buffer {
  const bytes = Buffer.alloc(2 + entries.length * 12 + 4);
  bytes.writeUInt16LE(entries.length, 0);
  for (const [index, { tag, type, count, value }] of entries.entries()) {
    bytes.writeUInt16LE(tag, 2 + index * 12);
    bytes.writeUInt16LE(type, 4 + index * 12);
    bytes.writeUInt32LE(count, 6 + index * 12);
    bytes.writeUInt32LE(value, 10 + index * 12);
  }
  return bytes;
}
