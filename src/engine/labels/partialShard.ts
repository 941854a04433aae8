import { access, open, rm, type FileHandle } from "node:fs/promises";
import { createHash } from "node:crypto";
import { fileFailure, readFileBounded } from "../files";

const HASH_BYTES = 32;
const MAXIMUM_BYTES = 1 << 30;

/**
 * The shard that is being written: one record a batch, its float32 scores and their SHA-256, appended and flushed. What a
 * kill or a power cut leaves behind the last whole record is dropped on reading.
 */
export class PartialShard {
  #handle: FileHandle | undefined;

  private constructor(
    readonly path: string,
    readonly batches: Float32Array[],
  ) {}

  /** Opens the file, keeps its whole records of `batchFloats` numbers, and goes on behind them. */
  static async open(path: string, batchFloats: number): Promise<PartialShard> {
    const bytes = await readIfThere(path);
    const record = batchFloats * 4 + HASH_BYTES;
    const batches: Float32Array[] = [];
    for (let at = 0; at + record <= bytes.length; at += record) {
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

  /** Appends one batch; it is on the disk when this returns. */
  async append(scores: Float32Array): Promise<void> {
    const data = new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength);
    const record = Buffer.concat([data, hashOf(data)]);
    try {
      await this.#handle?.write(record, 0, record.length, this.batches.length * record.length);
      await this.#handle?.datasync();
    } catch (error) {
      throw fileFailure(this.path, "write", error);
    }
    this.batches.push(scores);
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  /** Closes and removes the file: its content has found its place. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
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
