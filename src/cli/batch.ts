import { CancelledError } from "../engine/files";
import type { Task } from "./shell";

/** What did not go as it should in a batch. */
export interface BatchOutcome {
  readonly failed: readonly { readonly piece: string; readonly message: string }[];
  /** The person stopped the batch; what is missing was not begun or not finished. */
  readonly cancelled: boolean;
}

/**
 * Works through the pieces of a batch one after the other. A piece that fails is told and the rest is still done; an
 * interruption ends the batch.
 *
 * @param isNamed whether the errors' sentences name their piece by themselves
 */
export async function eachPiece<Piece>(
  { signal, failPiece }: Task,
  pieces: readonly Piece[],
  nameOf: (piece: Piece) => string,
  work: (piece: Piece, index: number) => Promise<void>,
  isNamed = true,
): Promise<BatchOutcome> {
  const failed: { piece: string; message: string }[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (signal.aborted) return { failed, cancelled: true };
    try {
      await work(piece, index);
    } catch (error) {
      if (error instanceof CancelledError) return { failed, cancelled: true };
      const name = nameOf(piece);
      failed.push({ piece: name, message: failPiece(error, isNamed ? undefined : name) });
    }
  }
  return { failed, cancelled: signal.aborted };
}

/** Tells the result of a batch, also of an interrupted one, which then ends as such. @throws CancelledError */
export function finishBatch({ output }: Task, outcome: BatchOutcome, result: object): void {
  output.result({ ...result, ...outcome }, "");
  if (outcome.cancelled) throw new CancelledError();
}
