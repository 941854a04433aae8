import { Readable } from "node:stream";
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { RfmError } from "../files";
import { memorySource, regionOf, type ByteSource } from "./byteSource";
import { unreadable } from "./tensor";
import type { Entry, ZipFile } from "yauzl";

/** A checkpoint of the largest networks has a few thousand tensors. */
const MOST_ENTRIES = 20_000;
/** Numbers hardly shrink: what claims to grow more than this on unpacking, and beyond {@link FREE}, is a bomb. */
const MOST_GROWTH = 20;
const FREE = 64 << 20;
const STORED = 0;
const DEFLATED = 8;

/** A file inside an archive: its bytes wait until it is opened. */
export interface ZipEntry {
  readonly size: number;
  /** Stored entries are regions of the archive; packed ones are unpacked into memory. */
  open(): Promise<ByteSource>;
}

/**
 * The files of a ZIP archive by name, in the archive's order. Names cannot lead out of it (yauzl refuses `..`, absolute
 * paths and backslashes), nothing is unpacked before it is asked for, and no two entries may claim the same bytes.
 *
 * @throws RfmError("checkpoint") for a broken archive, duplicate names, overlapping or encrypted entries.
 */
export async function openZip(source: ByteSource): Promise<ReadonlyMap<string, ZipEntry>> {
  const { fromRandomAccessReaderPromise, RandomAccessReader } = await import("yauzl");
  class SourceReader extends RandomAccessReader {
    override _readStreamForRange(start: number, end: number): Readable {
      return Readable.from(once(() => source.read(start, end - start)));
    }
  }
  const zip = await whole(source.name, () =>
    fromRandomAccessReaderPromise(new SourceReader(), source.size, { autoClose: false }),
  );
  if (zip.entryCount > MOST_ENTRIES)
    throw unreadable(source.name, `holds ${zip.entryCount} files and is no checkpoint`);
  return await whole(source.name, () => entriesOf(zip, source));
}

/** What the archive's reader throws, as a sentence of ours. */
async function whole<Result>(name: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RfmError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw unreadable(name, `is a broken archive (${reason.replace(/\.$/, "")})`);
  }
}

async function* once(read: () => Promise<Uint8Array>): AsyncGenerator<Buffer> {
  const bytes = await read();
  yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function entriesOf(zip: ZipFile, source: ByteSource): Promise<ReadonlyMap<string, ZipEntry>> {
  const entries = new Map<string, ZipEntry>();
  const taken: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName;
    if (name.endsWith("/")) continue;
    if (entries.has(name)) throw unreadable(source.name, `holds ${shown(name)} twice`);
    const start = entry.relativeOffsetOfLocalHeader;
    taken.push({ name, start, end: start + entry.compressedSize });
    entries.set(name, { size: entry.uncompressedSize, open: () => openEntry(zip, source, entry) });
  }
  taken.sort((a, b) => a.start - b.start);
  taken.reduce(
    (before, next) => {
      if (next.start < before.end || next.end > source.size)
        throw unreadable(
          source.name,
          `has the files ${shown(before.name)} and ${shown(next.name)} in the same place`,
        );
      return next;
    },
    { name: "", start: 0, end: 0 },
  );
  return entries;
}

async function openEntry(zip: ZipFile, source: ByteSource, entry: Entry): Promise<ByteSource> {
  const name = `${source.name}: ${shown(entry.fileName)}`;
  const { compressedSize, uncompressedSize, compressionMethod } = entry;
  if (entry.isEncrypted()) throw unreadable(name, "is encrypted", "save the checkpoint without a password");
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    throw unreadable(name, "is packed in an unknown way", "save the checkpoint anew");
  if (compressionMethod === STORED && compressedSize !== uncompressedSize)
    throw unreadable(name, "has two different sizes");
  if (uncompressedSize > Math.max(FREE, MOST_GROWTH * compressedSize))
    throw unreadable(
      name,
      `claims to unpack from ${compressedSize} to ${uncompressedSize} bytes, which no checkpoint does`,
    );
  const { fileDataStart } = await whole(name, () => zip.readLocalFileHeaderPromise(entry, { minimal: true }));
  const stored = regionOf(source, fileDataStart, compressedSize, name);
  if (compressionMethod === STORED) return stored;
  const packed = await stored.read(0, compressedSize);
  let bytes: Buffer;
  try {
    bytes = await promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflateRaw)(packed, {
      maxOutputLength: Math.max(1, uncompressedSize),
    });
  } catch {
    throw unreadable(name, "cannot be unpacked");
  }
  if (bytes.length !== uncompressedSize)
    throw unreadable(name, "does not have the size that the archive tells");
  return memorySource(bytes, name);
}

function shown(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}...` : name;
}
