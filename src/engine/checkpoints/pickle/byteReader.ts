import type { ByteSource } from "../byteSource";
import { unreadable } from "../tensor";

const WINDOW = 1 << 20;

/**
 * Reads a source front to back through a window, so that a pickle of gigabytes costs one megabyte. `ensure` fetches;
 * the other methods work on what is there, without waiting.
 */
export class ByteReader {
  #window: Buffer = Buffer.alloc(0);
  /** Of the window's first byte in the source. */
  #start = 0;
  #at = 0;

  constructor(
    readonly source: ByteSource,
    offset = 0,
  ) {
    this.#start = offset;
  }

  /** Offset of the next byte in the source. */
  get position(): number {
    return this.#start + this.#at;
  }

  /** Makes `count` bytes available; a promise only where they must be fetched. @throws RfmError past the end */
  ensure(count: number): Promise<void> | undefined {
    return this.#window.length - this.#at >= count ? undefined : this.#fetch(count);
  }

  byte(): number {
    return this.#window[this.#at++] ?? 0;
  }

  uint16(): number {
    return this.#window.readUInt16LE(this.#advance(2));
  }

  int32(): number {
    return this.#window.readInt32LE(this.#advance(4));
  }

  uint32(): number {
    return this.#window.readUInt32LE(this.#advance(4));
  }

  /** A length: nothing in a file that can be read has more than 2^53 bytes. */
  uint64(): number {
    return Number(this.#window.readBigUInt64LE(this.#advance(8)));
  }

  double(): number {
    return this.#window.readDoubleBE(this.#advance(8));
  }

  /** A copy of the next bytes. */
  bytes(count: number): Uint8Array {
    const from = this.#advance(count);
    return Uint8Array.prototype.slice.call(this.#window, from, from + count);
  }

  text(count: number, encoding: "latin1" | "utf8"): string {
    const from = this.#advance(count);
    return this.#window.toString(encoding, from, from + count);
  }

  /** Up to the next newline, which is consumed and not returned. @throws RfmError where none comes soon */
  async line(most: number): Promise<string> {
    for (let wanted = 64; ; wanted *= 2) {
      const there = Math.min(wanted, this.source.size - this.position);
      const wait = this.ensure(there);
      if (wait !== undefined) await wait;
      const length = this.#window.indexOf(0x0a, this.#at) - this.#at;
      if (length >= 0 && length <= most) {
        const text = this.text(length, "latin1");
        this.#at++;
        return text.endsWith("\r") ? text.slice(0, -1) : text;
      }
      if (there < wanted || wanted > most) break;
    }
    throw unreadable(this.source.name, "has a line without end and is no checkpoint");
  }

  /** Passes over bytes without fetching them. @throws RfmError past the end */
  skip(count: number): void {
    if (this.position + count > this.source.size) throw this.#ended();
    const next = this.position + count;
    if (this.#at + count <= this.#window.length) {
      this.#at += count;
      return;
    }
    this.#window = Buffer.alloc(0);
    this.#start = next;
    this.#at = 0;
  }

  #advance(count: number): number {
    const from = this.#at;
    this.#at += count;
    return from;
  }

  async #fetch(count: number): Promise<void> {
    const { source, position } = this;
    const left = source.size - position;
    if (count > left) throw this.#ended();
    const bytes = await source.read(position, Math.min(left, Math.max(count, WINDOW)));
    this.#window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#start = position;
    this.#at = 0;
  }

  #ended(): Error {
    const { name, size } = this.source;
    return unreadable(name, `ends after ${size} bytes, in the middle of its data`);
  }
}
