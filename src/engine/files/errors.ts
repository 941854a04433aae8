/** What went wrong, for programs; people read the message. */
export type ErrorCode =
  | "file"
  | "document"
  | "picture"
  | "no-face"
  | "checkpoint"
  | "graph"
  | "model"
  | "provider"
  | "usage"
  | "cancelled"
  | "engine";

/**
 * Every failure that this project foresees. The message is one sentence that names the file (where there is
 * one), says what is wrong and what to do; it is shown to people as it stands.
 */
export class RfmError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    // Names out of hostile files are part of sentences: they must not move a terminal's cursor or break the line.
    super(message.replace(/\p{Cc}+/gu, "?"), options);
    this.name = new.target.name;
  }
}

/** The person stopped the work; nothing is wrong. */
export class CancelledError extends RfmError {
  constructor(message = "Cancelled.") {
    super("cancelled", message);
  }
}

/** Throws {@link CancelledError} when the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new CancelledError();
}
