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

/**
 * {@link bytesOf} of an array whose length is known. Latin-1 that was written as text is recoded when it is read, not
 * before: a look at a file of many arrays costs none of their bytes.
 *
 * @returns undefined where the value is no bytes; of another size where it cannot have that length.
 */
export async function arrayBytesOf(
  value: PickleValue | undefined,
  name: string,
  byteLength: number,
): Promise<ByteSource | undefined> {
  const text = encodedText(value);
  if (text === undefined) return bytesOf(value, name);
  // One or two bytes of the text are one of the array.
  const fits = Math.ceil(text.length / 2) <= byteLength && byteLength <= text.length;
  if (!fits) return blobSource(text, name);
  return {
    name,
    size: byteLength,
    fresh: true,
    read: async (offset, length) => (await recoded(text, name, byteLength)).subarray(offset, offset + length),
  };
}

/** The long text behind a call that would turn it back into bytes. */
function encodedText(value: PickleValue | undefined): PickleBlob | undefined {
  if (!(value instanceof PickleRecord) || value.callable.path !== "_codecs.encode") return undefined;
  const [text, encoding] = value.args;
  const isLatin = encoding === "latin1" || encoding === "latin-1";
  return isLatin && text instanceof PickleBlob && text.utf8 ? text : undefined;
}

async function blobSource(blob: PickleBlob, name: string): Promise<ByteSource> {
  const { source, offset, length, utf8 } = blob;
  if (!utf8) return regionOf(source, offset, length, name);
  if (length > MOST_RECODED)
    throw unreadable(name, "keeps too large an array as text", "save it with protocol 3");
  return memorySource(await recoded(blob, name, await characters(blob)), name);
}

/** Read at a time. */
const WINDOW = 1 << 20;

/** Bytes that begin a character: all but UTF-8's second ones. */
async function characters(blob: PickleBlob): Promise<number> {
  let count = 0;
  for await (const bytes of windows(blob)) {
    for (const byte of bytes) if ((byte & 0xc0) !== 0x80) count++;
  }
  return count;
}

/** UTF-8 of characters below 256 as one byte each. @throws RfmError("checkpoint") where they are not as many. */
async function recoded(blob: PickleBlob, name: string, size: number): Promise<Uint8Array> {
  const result = new Uint8Array(size);
  let at = 0;
  let lead = 0;
  for await (const bytes of windows(blob)) {
    for (const byte of bytes) {
      if (lead === 0) {
        if (byte < 0x80) result[at++] = byte;
        else if (byte === 0xc2 || byte === 0xc3) lead = byte;
        else throw unreadable(name, "keeps an array as text that is none");
        continue;
      }
      if ((byte & 0xc0) !== 0x80) throw unreadable(name, "keeps an array as text that is none");
      result[at++] = ((lead & 3) << 6) | (byte & 0x3f);
      lead = 0;
    }
  }
  if (lead !== 0) throw unreadable(name, "keeps an array as text that is none");
  if (at !== size) throw unreadable(name, `claims ${size} bytes but holds ${at}`);
  return result;
}

async function* windows({ source, offset, length }: PickleBlob): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length; done += WINDOW)
    yield await source.read(offset + done, Math.min(WINDOW, length - done));
}
