import { memorySource, regionOf, type ByteSource } from "../byteSource";
import { unreadable } from "../tensor";
import { itemsOf } from "./ask";
import { PickleBlob, PickleRecord, type PickleValue } from "./value";

/** Latin-1 written as UTF-8 is unpacked in memory: no published file has nearly as much. */
const MOST_RECODED = 2 ** 31;

/**
 * Raw bytes in any way that pickles keep them: bytes, Python 2's texts, or Latin-1 that Python 3 wrote as text with a
 * call that would turn it back (`_codecs.encode`). Undefined where the value is no bytes.
 */
export async function bytesOf(value: PickleValue | undefined, name: string): Promise<ByteSource | undefined> {
  if (value instanceof Uint8Array) return memorySource(value, name);
  if (typeof value === "string") return memorySource(Buffer.from(value, "latin1"), name);
  if (value instanceof PickleBlob) return blobSource(value, name);
  if (value instanceof PickleRecord && value.callable.path === "_codecs.encode") {
    const [text, encoding] = value.args;
    if (encoding !== "latin1" && encoding !== "latin-1") return undefined;
    return bytesOf(text, name);
  }
  // An empty array: `bytes()` in protocols that have none.
  if (value instanceof PickleRecord && /^(?:builtins|__builtin__)\.bytes$/.test(value.callable.path))
    return itemsOf([...value.args]).length === 0 ? memorySource(new Uint8Array(0), name) : undefined;
  return undefined;
}

async function blobSource({ source, offset, length, utf8 }: PickleBlob, name: string): Promise<ByteSource> {
  if (!utf8) return regionOf(source, offset, length, name);
  if (length > MOST_RECODED)
    throw unreadable(name, "keeps too large an array as text", "save it with protocol 3");
  return memorySource(latin1FromUtf8(await source.read(offset, length), name), name);
}

/** UTF-8 of characters below 256 as one byte each. */
function latin1FromUtf8(bytes: Uint8Array, name: string): Uint8Array {
  const result = new Uint8Array(bytes.length);
  let size = 0;
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) result[size++] = lead;
    else {
      const next = bytes[++at] ?? 0;
      if ((lead !== 0xc2 && lead !== 0xc3) || (next & 0xc0) !== 0x80)
        throw unreadable(name, "keeps an array as text that is none");
      result[size++] = ((lead & 3) << 6) | (next & 0x3f);
    }
  }
  return result.slice(0, size);
}
