import type { Graph } from "../../onnx";
import type { Feeds, Runtime, Session } from "../../runtime";
import { hoisted } from "./hoist";

/** A graph that is run many times with some inputs unchanged: see {@link hoisted}. */
export class HoistedSession {
  readonly #once: Session | undefined;
  readonly #every: Session;
  #kept: Readonly<Record<string, Float32Array>> = {};

  private constructor(once: Session | undefined, every: Session) {
    this.#once = once;
    this.#every = every;
  }

  static async compile(
    runtime: Runtime,
    graph: Graph,
    fixed: readonly string[],
    name: string,
    prepack = true,
  ): Promise<HoistedSession> {
    const { once, every } = hoisted(graph, fixed);
    const first = once && (await runtime.compile(once, { name, arena: false, prepack }));
    try {
      // With the arena each run finds the pages of the one before; asking the system for them takes as long as computing.
      return new HoistedSession(first, await runtime.compile(every, { name, arena: true, prepack }));
    } catch (error) {
      await first?.release();
      throw error;
    }
  }

  /** Takes other fixed inputs, for all runs to come. */
  async fix(feeds: Readonly<Record<string, Float32Array>>, signal?: AbortSignal): Promise<void> {
    const wanted = ({ inputs }: Session): Record<string, Float32Array> =>
      Object.fromEntries(Object.entries(feeds).filter(([name]) => inputs.has(name)));
    const made = this.#once && (await this.#once.run(wanted(this.#once), signal));
    // The session's next run overwrites what it gave.
    const copies = Object.entries(made ?? {}).map(([name, values]) => [name, values.slice()] as const);
    this.#kept = { ...wanted(this.#every), ...Object.fromEntries(copies) };
  }

  /** One run with the other inputs; see Session.run. */
  run(feeds: Feeds, signal?: AbortSignal): Promise<Readonly<Record<string, Float32Array>>> {
    return this.#every.run({ ...this.#kept, ...feeds }, signal);
  }

  async release(): Promise<void> {
    await Promise.all([this.#once?.release(), this.#every.release()]);
    this.#kept = {};
  }
}
