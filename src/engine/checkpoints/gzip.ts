import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { memorySource, type ByteSource } from "./byteSource";
import { unreadable } from "./tensor";

/** Numbers hardly shrink: growth beyond this, and beyond {@link FREE}, is a bomb. */
const MOST_GROWTH = 20;
const FREE = 64 << 20;
/** What one buffer can hold. */
const MOST = 2 ** 32 - 1;

/** Whether a file begins as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** A gzip file's content, unpacked into memory within bounds. @throws RfmError("checkpoint") */
export async function unzipped(source: ByteSource): Promise<ByteSource> {
  const maxOutputLength = Math.min(MOST, Math.max(FREE, MOST_GROWTH * source.size));
  try {
    const bytes = await promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip)(
      await source.read(0, source.size),
      { maxOutputLength },
    );
    return memorySource(bytes, source.name);
  } catch (error) {
    const large = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    throw unreadable(
      source.name,
      large ? "unpacks to more than any checkpoint of its size" : "is a broken gzip file",
    );
  }
}
