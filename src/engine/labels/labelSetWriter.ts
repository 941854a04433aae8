import { join } from "node:path";
import type { LabelsDocument, RunBlock } from "../files";
import { writeLabelDocument, type LabelSetPaths } from "./labelSetFile";
import { PartialShard } from "./partialShard";
import { writeShard } from "./shard";
import { missingSpans, type Span } from "./spans";

/** Name of the file that holds the batches of the shard that begins at a face, until it is full. */
export function partialName(start: number): string {
  return `${start}.partial`;
}

/** Fills a label set batch by batch: the open shard first, which becomes an `.npy` once it is full. */
export class LabelSetWriter {
  #open: { readonly span: Span; readonly partial: PartialShard } | undefined;
  #current: LabelsDocument;
  /** Faces in finished shards. */
  #finished: number;

  constructor(
    readonly paths: LabelSetPaths,
    document: LabelsDocument,
    readonly run: RunBlock,
  ) {
    this.#current = document;
    this.#finished = document.shards.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  get document(): LabelsDocument {
    return this.#current;
  }

  /** How many faces are written. */
  get done(): number {
    if (this.#open === undefined) return this.#finished;
    const { span, partial } = this.#open;
    return this.#finished + Math.min(partial.batches.length * this.#current.batch, span.end - span.start);
  }

  /**
   * The faces to label and append next: the rest of the open shard, or of the first one that is missing. Shards that are
   * full are closed on the way. Undefined where nothing is missing any more.
   */
  async next(): Promise<Span | undefined> {
    for (;;) {
      if (this.#open === undefined) {
        const { count, batch, shards } = this.#current;
        const [span] = missingSpans(count, batch, shards);
        if (span === undefined) return undefined;
        const most = Math.ceil((span.end - span.start) / batch);
        const path = join(this.paths.folder, partialName(span.start));
        this.#open = { span, partial: await PartialShard.open(path, batch * this.#columns, most) };
      }
      const { span, partial } = this.#open;
      const start = span.start + partial.batches.length * this.#current.batch;
      if (start < span.end) return { start, end: span.end };
      await this.#closeShard(span, partial);
    }
  }

  /** Appends the scores of the next batch; only the last one of the set may have fewer faces. */
  async append(scores: Float32Array): Promise<void> {
    const whole = new Float32Array(this.#current.batch * this.#columns);
    whole.set(scores);
    await this.#open?.partial.append(whole);
  }

  async close(): Promise<void> {
    await this.#open?.partial.close();
    this.#open = undefined;
  }

  get #columns(): number {
    return this.#current.attributes.length;
  }

  async #closeShard({ start, end }: Span, partial: PartialShard): Promise<void> {
    const scores = concatenate(partial.batches).subarray(0, (end - start) * this.#columns);
    const shard = await writeShard(this.paths.folder, start, scores, this.#columns);
    const shards = [...this.#current.shards, shard].sort((a, b) => a.start - b.start);
    const document = { ...this.#current, shards, run: this.run };
    await writeLabelDocument(this.paths, document);
    this.#current = document;
    this.#finished += end - start;
    // Only now: until the document names the shard, the open one is what a resumed run goes on with.
    await partial.remove();
    this.#open = undefined;
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
