import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Below so many bytes outside of its heap V8 is left to itself. */
const MUCH = 1 << 26;

let collect: (() => void) | undefined;

/**
 * Frees the weights of a large graph that has become a session and is needed no more: V8 does not see how large they are, and
 * would keep them, a second time beside the session's, until long after the memory was needed.
 */
export function freeLargeArrays(): void {
  if (process.memoryUsage().arrayBuffers < MUCH) return;
  collect ??= collector();
  collect();
}

/** V8's own collector, which scripts see only where they ask for it. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  const found: unknown = runInNewContext("typeof gc === 'function' ? gc : undefined");
  setFlagsFromString("--no-expose-gc");
  return typeof found === "function" ? (found as () => void) : () => undefined;
}
