import type { ByteSource } from "../byteSource";
import { readPickle } from "../pickle";
import { unreadable } from "../tensor";
import type { ZipEntry } from "../zip";
import type { TorchFile } from "./legacyFile";
import { storageIn, storageName } from "./storage";

/** The folder of an archive that `torch.save` wrote (with the slash); undefined for another archive. */
export function torchFolder(entries: ReadonlyMap<string, ZipEntry>): string | undefined {
  const pickle = [...entries.keys()].find((name) => /^(?:[^/]+\/)?data\.pkl$/.test(name));
  return pickle?.slice(0, -"data.pkl".length);
}

/** A file of PyTorch 1.6 and later: an archive of one pickle and one entry per storage. @throws RfmError("checkpoint") */
export async function parseTorchZip(
  source: ByteSource,
  entries: ReadonlyMap<string, ZipEntry>,
  folder: string,
): Promise<TorchFile> {
  const entry = (name: string): ZipEntry => {
    const found = entries.get(folder + name);
    if (found !== undefined) return found;
    throw unreadable(source.name, `lacks the entry ${folder}${name.slice(0, 100)}`);
  };
  const order = entries.get(`${folder}byteorder`);
  if (order !== undefined && order.size < 64) {
    const file = await order.open();
    const text = Buffer.from(await file.read(0, file.size)).toString("latin1");
    if (text.trim() !== "little")
      throw unreadable(source.name, "was saved by a big-endian machine", "save it on another one");
  }
  if (entries.has(`${folder}constants.pkl`))
    throw unreadable(
      source.name,
      "is a TorchScript program, not a checkpoint",
      "save the state_dict with torch.save",
    );
  const { value } = await readPickle(await entry("data.pkl").open());
  // Views share storages: each is opened once.
  const opened = new Map<string, Promise<ByteSource>>();
  return {
    root: value,
    find: async (persistent) => {
      const name = storageName(persistent, source.name);
      const whole = opened.get(name.key) ?? entry(`data/${name.key}`).open();
      opened.set(name.key, whole);
      return storageIn(await whole, name);
    },
  };
}
