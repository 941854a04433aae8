import { isRecord } from "../../protocol/guard";

/** What failed, as the sentence that people read. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The kind of a failure, as the engine names it; nothing for errors of other origin. */
export function failureCode(error: unknown): string | undefined {
  if (!isRecord(error)) return undefined;
  if (isRecord(error.data) && typeof error.data.code === "string") return error.data.code;
  return typeof error.code === "string" ? error.code : undefined;
}

/** The engine process is not there: the request may be made again once it is. */
export const isEngineGone = (error: unknown): boolean => failureCode(error) === "engine";

/** The person stopped it; there is nothing to tell. */
export const isCancelled = (error: unknown): boolean => failureCode(error) === "cancelled";

/** A session went with the engine process that had it; whoever asked tries again with a new one. */
export class SessionEnded extends Error {
  readonly code = "engine";
}
