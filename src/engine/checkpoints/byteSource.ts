import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { fileFailure } from "../files";
import { unreadable } from "./tensor";

/**
 * Bytes that can be read piece by piece, so that a checkpoint of gigabytes costs only the tensors that are
 * asked for. Readers of formats know this and neither files nor buffers.
 */
export interface ByteSource {
  /** What error messages call it: a path, or an entry of an archive. */
  readonly name: string;
  readonly size: number;
  /** Whether `read` gives memory that nobody else has, so that a tensor may keep it. */
  readonly fresh: boolean;
  /** Bytes [offset, offset+length). @throws RfmError("checkpoint") where that leaves the source. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Bytes in memory as a source. */
export function memorySource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.byteLength,
    fresh: false,
    read(offset, length) {
      checkRange(name, bytes.byteLength, offset, length);
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  };
}

/** A part of a source as a source of its own. @throws RfmError("checkpoint") where it leaves the whole. */
export function regionOf(source: ByteSource, start: number, size: number, name = source.name): ByteSource {
  checkRange(name, source.size, start, size);
  return {
    name,
    size,
    fresh: source.fresh,
    read(offset, length) {
      checkRange(name, size, offset, length);
      return source.read(start + offset, length);
    },
  };
}

/**
 * A file as a source. It is opened anew for each piece, so there is nothing to close, and refused when it
 * has changed since: pieces of two files would make a wrong tensor.
 *
 * @throws RfmError("file") where it is missing or may not be read, RfmError("checkpoint") where it is no file.
 */
export async function fileSource(path: string): Promise<ByteSource> {
  const first = await withFile(path, async (file) => await file.stat());
  return {
    name: path,
    size: first.size,
    fresh: true,
    async read(offset, length) {
      checkRange(path, first.size, offset, length);
      return await withFile(path, async (file) => {
        const now = await file.stat();
        if (now.size !== first.size || now.mtimeMs !== first.mtimeMs || now.ino !== first.ino) {
          throw unreadable(path, "changed while it was being read", "start again");
        }
        return await readExactly(file, path, offset, length);
      });
    },
  };
}

function checkRange(name: string, size: number, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > size) {
    throw unreadable(name, `ends after ${size} bytes, in the middle of its data`);
  }
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle | undefined;
  try {
    // Opening a named pipe must not wait for a writer; Windows has neither the pipe nor the flag.
    file = await open(path, constants.O_RDONLY | ((constants as Partial<typeof constants>).O_NONBLOCK ?? 0));
    const status = await file.stat();
    if (!status.isFile()) throw unreadable(path, "is not a file", "name a checkpoint or an array file");
    return await use(file);
  } catch (error) {
    throw fileFailure(path, "read", error);
  } finally {
    await file?.close();
  }
}

/** One read call takes at most 2 GiB on some systems. */
const PIECE = 2 ** 28;

async function readExactly(
  file: FileHandle,
  path: string,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const piece = Math.min(PIECE, length - done);
    const { bytesRead } = await file.read(bytes, done, piece, offset + done);
    if (bytesRead === 0)
      throw unreadable(path, `ends after ${offset + done} bytes, in the middle of its data`);
    done += bytesRead;
  }
  return bytes;
}
