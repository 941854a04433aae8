import { access, open, rm, type FileHandle } from "node:fs/promises";
import { createHash } from "node:crypto";
import { fileFailure, readFileBounded } from "../files";

const HASH_BYTES = 32;
const MAXIMUM_BYTES = 1 << 30;

/** The bytes of one batch in the file of an unfinished shard. @param batchFloats its scores */
export const recordBytes = (batchFloats: number): number => batchFloats * 4 + HASH_BYTES;

/**
 * The shard that is being written: one record a batch, its float32 scores and their SHA-256, appended and flushed. What a
 * kill or a power cut leaves behind the last whole record is dropped on reading.
 */
export class PartialShard {
  #handle: FileHandle | undefined;
  /** The flush of the last batch, which goes on while the networks work on the next one. */
  #flush: Promise<void> = Promise.resolve();

  private constructor(
    readonly path: string,
    readonly batches: Float32Array[],
  ) {}

  /** Opens the file, keeps its whole records of `batchFloats` numbers (at most so many), and goes on behind them. */
  static async open(path: string, batchFloats: number, mostBatches: number): Promise<PartialShard> {
    const bytes = await readIfThere(path);
    const record = recordBytes(batchFloats);
    const batches: Float32Array[] = [];
    for (let at = 0; at + record <= bytes.length && batches.length < mostBatches; at += record) {
      const data = Uint8Array.from(bytes.subarray(at, at + batchFloats * 4));
      if (!hashOf(data).equals(bytes.subarray(at + batchFloats * 4, at + record))) break;
      batches.push(new Float32Array(data.buffer));
    }
    const shard = new PartialShard(path, batches);
    try {
      shard.#handle = await open(path, bytes.length === 0 ? "w" : "r+");
      await shard.#handle.truncate(batches.length * record);
    } catch (error) {
      await shard.close();
      throw fileFailure(path, "write", error);
    }
    return shard;
  }

  /**
   * Appends one batch. When this returns the system has it, so that it outlives the process; the disk has it by the time
   * that the next batch is appended, so that a power cut takes one more with it.
   */
  async append(scores: Float32Array): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined) throw new RangeError(`${this.path} is closed.`);
    const data = new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength);
    const record = Buffer.concat([data, hashOf(data)]);
    try {
      await this.#flush;
      await writeWhole(handle, record, this.batches.length * record.length);
    } catch (error) {
      throw fileFailure(this.path, "write", error);
    }
    this.batches.push(scores);
    this.#flush = handle.datasync();
    // Whoever appends next is told.
    this.#flush.catch(() => undefined);
  }

  /** Closes the file; what is in it stays. */
  async close(): Promise<void> {
    await this.#flush.catch(() => undefined);
    await this.#handle?.close();
    this.#handle = undefined;
  }

  /** Closes and removes the file: its content has found its place. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }
}

/** A disk that becomes full takes a part first and refuses the rest only when asked again. */
async function writeWhole(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

function hashOf(data: Uint8Array): Buffer {
  return createHash("sha256").update(data).digest();
}

async function readIfThere(path: string): Promise<Buffer> {
  try {
    await access(path);
  } catch {
    return Buffer.alloc(0);
  }
  return readFileBounded(path, MAXIMUM_BYTES);
}
