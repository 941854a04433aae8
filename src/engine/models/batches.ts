import { RfmError } from "../files";
import type { CompileOptions, Feeds, Runtime, Session } from "../runtime";
import { BATCH } from "./writePack";

/** Pictures computed at once at most, as far as memory goes: 8 up to 256 pixels, 1 from 1024 on. */
export function largestBatch(resolution: number): number {
  return Math.min(8, Math.max(1, Math.floor(2 ** 19 / resolution ** 2)));
}

/** Size of one row of every input and of the output. */
interface RowSizes {
  readonly inputs: Readonly<Record<string, number>>;
  readonly output: { readonly name: string; readonly size: number };
}

/**
 * A graph of a pack, run on any number of rows: cut in batches of 1, 2, 4 or 8, for each of which there is one
 * session, made when it is first needed. The last batch is padded with its last row, so that a row's result
 * does not depend on how many came with it.
 */
export class BatchedGraph {
  readonly #sessions = new Map<number, Promise<Session>>();

  constructor(
    readonly name: string,
    private readonly runtime: Runtime,
    private readonly read: () => Promise<Uint8Array>,
    private readonly rows: RowSizes,
    private readonly maximum: number,
    private readonly options: Pick<CompileOptions, "prepack"> = {},
  ) {}

  /**
   * @param feeds n rows of every input.
   * @returns n rows of the output, the caller's own.
   */
  async run(
    feeds: Readonly<Record<string, Float32Array>>,
    n: number,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const { name, size } = this.rows.output;
    const result = new Float32Array(n * size);
    const batch = this.#batchFor(n);
    for (let start = 0; start < n; start += batch) {
      const count = Math.min(batch, n - start);
      const part = Object.fromEntries(
        Object.entries(this.rows.inputs).map(([input, width]) => {
          const rows = feeds[input]?.subarray(start * width, (start + count) * width);
          return [input, padded(rows ?? new Float32Array(0), width, batch)];
        }),
      );
      const output = (await this.#run(batch, part, signal))[name];
      if (output !== undefined) result.set(output.subarray(0, count * size), start * size);
    }
    return result;
  }

  /** Frees the sessions, when their runs have ended; a later run makes them anew. */
  async dispose(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of await Promise.allSettled(sessions)) {
      if (session.status === "fulfilled") await session.value.release();
    }
  }

  #batchFor(n: number): number {
    let batch = 1;
    while (batch < n && batch * 2 <= this.maximum) batch *= 2;
    return batch;
  }

  async #run(batch: number, feeds: Feeds, signal: AbortSignal | undefined): ReturnType<Session["run"]> {
    const opening = this.#session(batch);
    const session = await opening;
    // The session may have been freed since: then it is made anew.
    if (this.#sessions.get(batch) !== opening) return this.#run(batch, feeds, signal);
    return session.run(feeds, signal);
  }

  #session(batch: number): Promise<Session> {
    const known = this.#sessions.get(batch);
    if (known !== undefined) return known;
    const opening = this.#open(batch);
    this.#sessions.set(batch, opening);
    // A failure may pass (memory, a driver): the next call tries again.
    opening.catch(() => this.#sessions.delete(batch));
    return opening;
  }

  async #open(batch: number): Promise<Session> {
    const session = await this.runtime.compile(await this.read(), {
      name: this.name,
      symbols: { [BATCH]: batch },
      ...this.options,
    });
    const { inputs, output } = this.rows;
    const fits =
      session.inputs.size === Object.keys(inputs).length &&
      Object.entries(inputs).every(([name, size]) => rowSize(session.inputs.get(name)?.shape, batch) === size) &&
      rowSize(session.outputs.get(output.name)?.shape, batch) === output.size;
    if (fits) return session;
    await session.release();
    throw new RfmError("model", `${this.name} does not fit its model pack; get the model pack again.`);
  }
}

function rowSize(shape: readonly number[] | undefined, batch: number): number | undefined {
  return shape?.[0] === batch ? shape.slice(1).reduce((product, size) => product * size, 1) : undefined;
}

function padded(rows: Float32Array, width: number, batch: number): Float32Array {
  if (rows.length === batch * width) return rows;
  const result = new Float32Array(batch * width);
  result.set(rows);
  for (let at = rows.length; at < result.length; at += width) result.set(rows.subarray(rows.length - width), at);
  return result;
}
