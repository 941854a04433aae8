import { regionOf, type ByteSource } from "../byteSource";
import { itemsOf, readPickle, textOf, type PickleValue } from "../pickle";
import { bytesPerElement, unreadable } from "../tensor";
import { storageIn, storageName } from "./storage";
import type { FindStorage } from "./tensor";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** The object in a file of `torch.save`, and where its storages are. */
export interface TorchFile {
  readonly root: PickleValue;
  readonly find: FindStorage;
}

/** Whether a pickle's value is the magic number that PyTorch's older files begin with. */
export function isTorchMagic(value: PickleValue): boolean {
  return value === MAGIC;
}

/**
 * A file of PyTorch before 1.6: pickles of a magic number, a protocol, facts about the machine, the object and the keys
 * of its storages; then for every key its number of elements and the elements.
 *
 * @throws RfmError("checkpoint")
 */
export async function parseTorchLegacy(source: ByteSource): Promise<TorchFile> {
  const magic = await readPickle(source);
  const protocol = await readPickle(source, magic.end);
  if (!isTorchMagic(magic.value) || protocol.value !== PROTOCOL)
    throw unreadable(source.name, "is no PyTorch file of a known kind", "save it with torch.save");
  const system = await readPickle(source, protocol.end);
  const object = await readPickle(source, system.end);
  const keys = await readPickle(source, object.end);
  const widths = new Map<string, number>();
  for (const persistent of object.persistents) {
    const { key, dtype } = storageName(persistent, source.name);
    widths.set(key, bytesPerElement(dtype));
  }
  const storages = new Map<string, ByteSource>();
  let at = keys.end;
  for (const item of itemsOf(keys.value)) {
    const key = typeof item === "number" ? String(item) : textOf(item);
    const width = key === undefined ? undefined : widths.get(key);
    if (key === undefined || width === undefined || storages.has(key))
      throw unreadable(source.name, "lists storages that its tensors do not name");
    const head = await source.read(at, 8);
    const count = Number(new DataView(head.buffer, head.byteOffset, 8).getBigInt64(0, true));
    if (!(count >= 0 && at + 8 + count * width <= source.size))
      throw unreadable(source.name, `ends after ${source.size} bytes, in the middle of the storage ${key}`);
    storages.set(key, regionOf(source, at + 8, count * width));
    at += 8 + count * width;
  }
  return {
    root: object.value,
    find: (persistent) => {
      const name = storageName(persistent, source.name);
      const whole = storages.get(name.key);
      if (whole === undefined) throw unreadable(source.name, `lacks the storage ${name.key}`);
      return Promise.resolve(storageIn(whole, name));
    },
  };
}
