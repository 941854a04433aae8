import { rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  parseSafetensors,
  memorySource,
  readAll,
  toFloat32,
  writeSafetensors,
  type StoredTensor,
} from "../../checkpoints";
import { readFileBounded, RfmError, sha256, writeFileAtomically } from "../../files";
import type { CheckpointState, CheckpointStore } from "./state";

/** A killed run loses no more than this, in milliseconds, unless keeping takes so long that it would stand in the way. */
const INTERVAL = 10_000;
/** Keeping takes at most one part in so many of the time. */
const LARGEST_SHARE = 20;
/** Encoders of 1024 pixels hold some 30 million numbers, each kept up to three times. */
const MAXIMUM_BYTES = 2 ** 31;

/**
 * A hidden file beside the output that holds the state of one piece of work, such as an inversion (a safetensors file with a
 * fingerprint of the work in its metadata). A file of other work, or one that cannot be read, is as none: the work starts anew.
 */
export class CheckpointFile implements CheckpointStore {
  readonly path: string;
  readonly #fingerprint: string;
  readonly #now: () => number;
  #next: number;

  /**
   * @param folder where the output goes.
   * @param name what the photo and its face are called there.
   * @param work everything the result depends on, as JSON.
   * @param now milliseconds, for tests.
   */
  constructor(folder: string, name: string, work: object, now = (): number => performance.now()) {
    this.#fingerprint = sha256(JSON.stringify(work));
    this.path = join(folder, `.${basename(name)}.${this.#fingerprint.slice(0, 12)}.checkpoint`);
    this.#now = now;
    this.#next = now() + INTERVAL;
  }

  /** Whether there is one of this work, without reading it. */
  async exists(): Promise<boolean> {
    try {
      return (await stat(this.path)).isFile();
    } catch {
      return false;
    }
  }

  async load(): Promise<CheckpointState | undefined> {
    try {
      const bytes = await readFileBounded(this.path, MAXIMUM_BYTES);
      const file = await parseSafetensors(memorySource(bytes, this.path));
      if (file.metadata.get("fingerprint") !== this.#fingerprint) return undefined;
      const facts: unknown = JSON.parse(file.metadata.get("facts") ?? "");
      if (typeof facts !== "object" || facts === null) return undefined;
      const tensors = await readAll(file);
      const arrays = new Map<string, Float32Array>();
      const doubles = new Map<string, Float64Array>();
      for (const [key, tensor] of tensors) {
        if (tensor.data instanceof Float64Array) doubles.set(key, tensor.data);
        else arrays.set(key, toFloat32(tensor));
      }
      const wide = doubles.size === 0 ? {} : { doubles };
      return { facts: facts as Record<string, unknown>, arrays, ...wide };
    } catch (error) {
      // None there, or one that a crash or another program has spoilt: both mean a new start.
      if (error instanceof RfmError || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  async offer(state: () => CheckpointState): Promise<void> {
    if (this.#now() >= this.#next) await this.keep(state());
  }

  async keep({ facts, arrays, doubles = new Map() }: CheckpointState): Promise<void> {
    const began = this.#now();
    const tensors = new Map<string, StoredTensor>([
      ...[...arrays].map(([key, data]) => [key, { dtype: "float32", shape: [data.length], data }] as const),
      ...[...doubles].map(([key, data]) => [key, { dtype: "float64", shape: [data.length], data }] as const),
    ]);
    const metadata = new Map([
      ["fingerprint", this.#fingerprint],
      ["facts", JSON.stringify(facts)],
    ]);
    await writeFileAtomically(this.path, writeSafetensors(tensors, metadata));
    const ended = this.#now();
    this.#next = ended + Math.max(INTERVAL, LARGEST_SHARE * (ended - began));
  }

  async clear(): Promise<void> {
    await rm(this.path, { force: true });
  }
}
