import type { Model } from "../../models";
import type { CompileOptions } from "../../runtime";

/**
 * How a graph of a generator and its gradient is compiled for a loop. Measured at 1024 pixels: without the arena the
 * system is asked for every array anew, a quarter of a run's time; the arena takes more memory, and leaving the weights
 * in the one order in which they come gives as much back. In smaller graphs neither saves anything.
 */
export function loopOptions({ isLarge }: Pick<Model, "isLarge">): Pick<CompileOptions, "arena" | "prepack"> {
  return isLarge ? { arena: true, prepack: false } : { arena: false };
}
