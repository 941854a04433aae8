import type { Checkpoint, TensorEntry } from "./checkpoint";
import type { ByteSource } from "./byteSource";
import { parseNpy, parseNpyHeader } from "./npy";
import { unreadable } from "./tensor";
import { openZip, type ZipEntry } from "./zip";

const ENDING = ".npy";

/** Whether an archive is one of NumPy's: nothing but arrays. */
export function isNpz(entries: ReadonlyMap<string, ZipEntry>): boolean {
  return entries.size > 0 && [...entries.keys()].every((name) => name.endsWith(ENDING));
}

/** A NumPy archive (`numpy.savez`): named arrays, read when asked for. @throws RfmError("checkpoint") */
export async function parseNpz(
  source: ByteSource,
  entries?: ReadonlyMap<string, ZipEntry>,
): Promise<Checkpoint> {
  const files = entries ?? (await openZip(source));
  if (!isNpz(files)) throw unreadable(source.name, "is no NumPy archive (.npz)", "save it with numpy.savez");
  const tensors = new Map<string, TensorEntry>();
  for (const [name, file] of files) {
    const array = await file.open();
    const { dtype, shape } = await parseNpyHeader(array);
    tensors.set(name.slice(0, -ENDING.length), {
      dtype,
      shape,
      read: async () => parseNpy(await file.open()),
    });
  }
  return { name: source.name, metadata: new Map(), tensors };
}
