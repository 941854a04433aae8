import type { RunBlock } from "../engine/files";
import { VERSION } from "./version";

/**
 * The `run` block of a document.
 *
 * @param started when the work began, in milliseconds of `performance.now()`; without it no duration is told
 */
export function runBlock(provider: string, started?: number): RunBlock {
  return {
    createdAt: new Date().toISOString(),
    ...(started === undefined ? {} : { seconds: (performance.now() - started) / 1000 }),
    provider,
    version: VERSION,
  };
}
