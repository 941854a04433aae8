import { throwIfCancelled } from "../../files";

/** Works that share something which only one of them can use at a time: each begins when the one before has ended. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** @throws CancelledError where the signal is aborted before the turn comes, without waiting for it. */
  async take<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const before = this.#last;
    let leave = (): void => undefined;
    this.#last = new Promise((resolve) => (leave = resolve));
    try {
      await untilAborted(before, signal);
      throwIfCancelled(signal);
      return await work();
    } finally {
      // Who gives up waiting leaves the others behind the one at work.
      void before.then(leave);
    }
  }
}

async function untilAborted(awaited: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return awaited;
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => (stop = resolve));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  await Promise.race([awaited, aborted]);
  signal.removeEventListener("abort", stop);
}
