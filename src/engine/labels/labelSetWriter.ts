import { join } from "node:path";
import type { LabelsDocument, RunBlock } from "../files";
import { writeLabelDocument, writeShard, type LabelSetPaths } from "./labelSetFile";
import { PartialShard } from "./partialShard";

/** A shard is closed after this many batches. */
const BATCHES_PER_SHARD = 64;

/** Appends batches to a label set: to the open shard first, which becomes an `.npy` once it is full. */
export class LabelSetWriter {
  #partial: PartialShard | undefined;

  private constructor(
    readonly paths: LabelSetPaths,
    private current: LabelsDocument,
    readonly run: RunBlock,
  ) {}

  /** Goes on where the document's last shard, or the open one behind it, ends. */
  static async open(paths: LabelSetPaths, document: LabelsDocument, run: RunBlock): Promise<LabelSetWriter> {
    const writer = new LabelSetWriter(paths, document, run);
    await writer.#settle();
    return writer;
  }

  get document(): LabelsDocument {
    return this.current;
  }

  /** How many faces are safe on the disk. */
  get position(): number {
    const open = (this.#partial?.batches.length ?? 0) * this.current.batch;
    return Math.min(this.#shardStart + open, this.current.count);
  }

  /** Appends the scores of the next batch; only the last one may have fewer faces. */
  async append(scores: Float32Array): Promise<void> {
    const whole = new Float32Array(this.current.batch * this.#columns);
    whole.set(scores);
    await this.#partial?.append(whole);
    await this.#settle();
  }

  async close(): Promise<void> {
    await this.#partial?.close();
    this.#partial = undefined;
  }

  get #columns(): number {
    return this.current.attributes.length;
  }

  get #shardStart(): number {
    return this.current.shards.at(-1)?.end ?? 0;
  }

  /** Closes the open shard where it is full, and opens the next one where faces are missing. */
  async #settle(): Promise<void> {
    const { count, batch } = this.current;
    for (;;) {
      if (this.#shardStart >= count) return;
      const path = join(this.paths.folder, `${this.#shardStart}.partial`);
      this.#partial ??= await PartialShard.open(path, batch * this.#columns);
      const full = this.#partial.batches.length >= BATCHES_PER_SHARD || this.position >= count;
      if (!full) return;
      await this.#closeShard(this.#partial);
    }
  }

  async #closeShard(partial: PartialShard): Promise<void> {
    const rows = this.position - this.#shardStart;
    const scores = concatenate(partial.batches).subarray(0, rows * this.#columns);
    const shard = await writeShard(this.paths, this.#shardStart, scores, this.#columns);
    this.current = { ...this.current, shards: [...this.current.shards, shard], run: this.run };
    await writeLabelDocument(this.paths, this.current);
    // Only now: until the document names the shard, the open one is what a resumed run goes on with.
    await partial.remove();
    this.#partial = undefined;
  }
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
