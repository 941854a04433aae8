/**
 * Does one piece of work at a time and keeps only the newest request waiting: however fast requests come, the
 * last one is answered and there is never a queue behind it.
 */
export class Latest<Request, Result> {
  readonly #work: (request: Request) => Promise<Result>;
  readonly #deliver: (result: Result, request: Request) => void;
  readonly #fail: (error: unknown, request: Request) => void;
  #waiting: { readonly request: Request } | undefined;
  #working = false;
  #disposed = false;

  constructor(
    work: (request: Request) => Promise<Result>,
    deliver: (result: Result, request: Request) => void,
    fail: (error: unknown, request: Request) => void,
  ) {
    this.#work = work;
    this.#deliver = deliver;
    this.#fail = fail;
  }

  /** Asks for a result. A request that still waits is dropped in favour of this one. */
  request(request: Request): void {
    if (this.#disposed) return;
    this.#waiting = { request };
    if (!this.#working) void this.#run();
  }

  /** Drops what waits and delivers nothing more. */
  dispose(): void {
    this.#disposed = true;
    this.#waiting = undefined;
  }

  async #run(): Promise<void> {
    this.#working = true;
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      await this.#answer(next.request);
    }
    this.#working = false;
  }

  #take(): { readonly request: Request } | undefined {
    const next = this.#waiting;
    this.#waiting = undefined;
    return next;
  }

  async #answer(request: Request): Promise<void> {
    try {
      const result = await this.#work(request);
      if (!this.#disposed) this.#deliver(result, request);
    } catch (error) {
      if (!this.#disposed) this.#fail(error, request);
    }
  }
}
