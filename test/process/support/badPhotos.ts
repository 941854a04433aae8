import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A file that is no photo of a face, and what must be said about it. */
export interface BadPhoto {
  readonly name: string;
  readonly said: RegExp;
}

/** Writes everything that people hand over by mistake into a folder. */
export function writeBadPhotos(folder: string, photos: string): BadPhoto[] {
  const write = (name: string, bytes: Uint8Array | string): void => {
    writeFileSync(join(folder, name), bytes);
  };
  write("cat.png", readFileSync(join(photos, "no-face-cat.png")));
  write("empty.png", "");
  write("text.png", "These are only words.");
  write("cut.png", readFileSync(join(photos, "astronaut.png")).subarray(0, 90_000));
  write("cut.jpg", Buffer.from("ffd8ffe000104a46494600010100000100010000ffdb0043", "hex"));
  write("dot.png", Buffer.from(DOT, "base64"));
  write("bomb.png", bomb(60_000));
  mkdirSync(join(folder, "folder.png"));
  return [
    { name: "cat.png", said: /shows no face/ },
    { name: "empty.png", said: /is empty/ },
    { name: "text.png", said: /holds text/ },
    { name: "cut.png", said: /damaged or incomplete PNG/ },
    { name: "cut.jpg", said: /damaged or incomplete JPEG/ },
    { name: "dot.png", said: /1x1 pixels, too small/ },
    { name: "bomb.png", said: /60000x60000 pixels, more than is decoded/ },
    { name: "folder.png", said: /is a folder/ },
    { name: "missing.png", said: /does not exist/ },
  ];
}

/** A picture of one white pixel. */
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=";

/** The beginning of a PNG that claims a size. */
function bomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", Buffer.alloc(64)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** The checksum of PNG chunks (Annex D of its specification). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
