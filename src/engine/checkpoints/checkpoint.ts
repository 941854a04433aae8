import { unreadable, type StoredTensor, type StoredType } from "./tensor";

/** A tensor that is known by name, type and shape and read only when asked for. */
export interface TensorEntry {
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  read(): Promise<StoredTensor>;
}

/** A file of named tensors, whatever its container: what importers and networks are built from. */
export interface Checkpoint {
  /** What error messages call it. */
  readonly name: string;
  /** Strings beside the tensors. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

/** Reads every tensor of a checkpoint. */
export async function readAll(checkpoint: Checkpoint): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of checkpoint.tensors) tensors.set(name, await entry.read());
  return tensors;
}

const LFS = "version https://git-lfs.github.com/spec/";

/** Refuses the three-line text that Git LFS leaves in place of a file it has not fetched. */
export function refuseLfsPointer(head: Uint8Array, name: string): void {
  if (Buffer.from(head.subarray(0, LFS.length)).toString("latin1") === LFS) {
    throw unreadable(name, "is only a Git LFS pointer, not the file itself", "fetch it with `git lfs pull`");
  }
}
