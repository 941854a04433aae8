/** The exit code of a program that was interrupted (128 + SIGINT). */
export const INTERRUPTED = 130;

/**
 * A signal that the first Ctrl+C (or SIGTERM) aborts, so that the command can stop in order; the second ends the
 * process at once.
 */
export function interruptionSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}
