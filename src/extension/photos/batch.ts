/** How a batch ended, item by item. */
export interface BatchSummary<Item, Result> {
  readonly done: readonly { readonly item: Item; readonly result: Result }[];
  readonly failed: readonly { readonly item: Item; readonly error: unknown }[];
  /** Items that were not begun because the person cancelled. */
  readonly left: readonly Item[];
}

/**
 * Works through items one after the other. A failure is noted and the rest is still done; a cancelled signal
 * ends the batch after the item at hand.
 */
export async function runBatch<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
  signal: AbortSignal,
): Promise<BatchSummary<Item, Result>> {
  const done: { item: Item; result: Result }[] = [];
  const failed: { item: Item; error: unknown }[] = [];
  for (const [index, item] of items.entries()) {
    if (isAborted(signal)) return { done, failed, left: items.slice(index) };
    try {
      done.push({ item, result: await work(item, index) });
    } catch (error) {
      if (isAborted(signal)) return { done, failed, left: items.slice(index) };
      failed.push({ item, error });
    }
  }
  return { done, failed, left: [] };
}

/** A call, since the compiler takes a property that was read once to stay as it was across `await`. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
