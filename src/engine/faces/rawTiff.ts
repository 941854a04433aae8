/** Reads up to `length` bytes at `offset`; fewer (or none) at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

/** Numbers of the tags and values that tell a RAW file from a TIFF picture (TIFF 6.0, TIFF/EP, DNG 1.x). */
const TAG = { compression: 259, photometric: 262, subDirectories: 330, dngVersion: 50706 };
const COLOUR_FILTER_ARRAY = 32803;
const LINEAR_RAW = 34892;
/** Compressions of Sony (ARW), Nikon (NEF), Samsung (SRW) and Pentax (PEF). */
const RAW_COMPRESSIONS = [32767, 34713, 32770, 65535];

/** Bounds: no file makes us read more than this. */
const MAXIMUM_DIRECTORIES = 16;
const MAXIMUM_ENTRIES = 512;

interface Entry {
  readonly tag: number;
  readonly values: readonly number[];
}

/**
 * Whether a classic TIFF file is a camera's RAW file (CR2, NEF, ARW, DNG, PEF, SRW, ...): those carry a small
 * preview that a TIFF reader would silently take for the photo.
 * @param head the first bytes of the file, at least the 8 of the header where the file has them
 */
export async function isRawTiff(head: Buffer, readAt: ReadAt): Promise<boolean> {
  if (head.length < 8) return false;
  if (head.toString("latin1", 8, 10) === "CR") return true;
  const little = head[0] === 0x49;
  const queue = [readInteger(head, 4, 4, little)];
  const seen = new Set<number>();
  for (let offset = queue.shift(); offset !== undefined; offset = queue.shift()) {
    if (offset === 0 || seen.has(offset) || seen.size >= MAXIMUM_DIRECTORIES) continue;
    seen.add(offset);
    const { entries, next } = await readDirectory(offset, little, readAt);
    if (entries.some(saysRaw)) return true;
    queue.push(
      ...entries.filter(({ tag }) => tag === TAG.subDirectories).flatMap(({ values }) => values),
      next,
    );
  }
  return false;
}

function saysRaw({ tag, values: [value = 0] }: Entry): boolean {
  if (tag === TAG.dngVersion) return true;
  if (tag === TAG.photometric) return value === COLOUR_FILTER_ARRAY || value === LINEAR_RAW;
  return tag === TAG.compression && RAW_COMPRESSIONS.includes(value);
}

/** The entries of interest in the directory at `offset`, and the offset of the next directory (0: none). */
async function readDirectory(
  offset: number,
  little: boolean,
  readAt: ReadAt,
): Promise<{ entries: Entry[]; next: number }> {
  const counted = await readAt(offset, 2);
  if (counted.length < 2) return { entries: [], next: 0 };
  const count = Math.min(readInteger(counted, 0, 2, little), MAXIMUM_ENTRIES);
  const bytes = await readAt(offset + 2, count * 12 + 4);
  const entries: Entry[] = [];
  for (let at = 0; at + 12 <= Math.min(bytes.length, count * 12); at += 12) {
    const tag = readInteger(bytes, at, 2, little);
    if (Object.values(TAG).includes(tag))
      entries.push({ tag, values: await readValues(bytes, at, little, readAt) });
  }
  return { entries, next: bytes.length === count * 12 + 4 ? readInteger(bytes, count * 12, 4, little) : 0 };
}

/** The numbers of one entry (byte, short, long or directory offset); at most {@link MAXIMUM_DIRECTORIES} of them. */
async function readValues(bytes: Buffer, at: number, little: boolean, readAt: ReadAt): Promise<number[]> {
  const size = { 1: 1, 3: 2, 4: 4, 13: 4 }[readInteger(bytes, at + 2, 2, little)];
  if (size === undefined) return [];
  const count = Math.min(readInteger(bytes, at + 4, 4, little), MAXIMUM_DIRECTORIES);
  const inline = count * size <= 4;
  const source = inline
    ? bytes.subarray(at + 8, at + 12)
    : await readAt(readInteger(bytes, at + 8, 4, little), count * size);
  const available = Math.min(count, Math.floor(source.length / size));
  return Array.from({ length: available }, (_, index) => readInteger(source, index * size, size, little));
}

function readInteger(bytes: Buffer, at: number, size: number, little: boolean): number {
  return little ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
}
