import { createHash } from "node:crypto";
import { open, stat, type FileHandle } from "node:fs/promises";
import { CancelledError, RfmError } from "./errors";
import { fileFailure } from "./failures";

/** How much is read from the disk at a time. */
const CHUNK = 1 << 20;

/**
 * Reads a whole regular file that holds at most `maximumBytes`. The size is checked before anything is
 * allocated and again while reading, so neither a huge file nor one that grows meanwhile fills the memory.
 *
 * @throws RfmError ("file") when it cannot be read, is no regular file, or is larger.
 */
export async function readFileBounded(path: string, maximumBytes: number): Promise<Buffer> {
  try {
    const handle = await openRegular(path);
    try {
      const found = await handle.stat();
      if (found.size > maximumBytes) throw tooLarge(path, maximumBytes);
      // One byte more than expected: it shows whether the file grew.
      const buffer = Buffer.allocUnsafe(found.size + 1);
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      if (length > found.size) throw new RfmError("file", `${path} grew while it was read; try again.`);
      return buffer.subarray(0, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileFailure(path, "read", error);
  }
}

/** Opens a file to be read. Pipes and devices, of which no end may ever come, are not opened at all. */
async function openRegular(path: string): Promise<FileHandle> {
  const found = await stat(path);
  if (found.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
  if (!found.isFile()) throw new RfmError("file", `${path} is no regular file; name a file on the disk.`);
  return open(path, "r");
}

function tooLarge(path: string, maximumBytes: number): RfmError {
  const limit =
    maximumBytes >= 1 << 20
      ? `${Math.floor(maximumBytes / (1 << 20))} MB`
      : `${maximumBytes.toString()} bytes`;
  return new RfmError("file", `${path} is larger than the ${limit} allowed here; name the right file.`);
}

/** The SHA-256 of bytes, as 64 lower-case hexadecimal digits. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * The SHA-256 of a regular file of any size, read in pieces.
 *
 * @throws RfmError ("file") when it cannot be read or is no regular file; CancelledError when the signal is aborted.
 */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  try {
    const options = { highWaterMark: CHUNK, ...(signal === undefined ? {} : { signal }) };
    const handle = await openRegular(path);
    for await (const chunk of handle.createReadStream(options)) hash.update(chunk as Buffer);
  } catch (error) {
    if (signal?.aborted === true) throw new CancelledError();
    throw fileFailure(path, "read", error);
  }
  return hash.digest("hex");
}
