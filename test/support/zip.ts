import { crc32, deflateRawSync } from "node:zlib";

/** Lies that an archive may tell. */
export interface ZipLies {
  readonly deflate?: boolean;
  /** Uncompressed size of every entry. */
  readonly size?: number;
  readonly method?: number;
  readonly flags?: number;
  /** Number of entries. */
  readonly count?: number;
  /** The first entry is listed again. */
  readonly twice?: boolean;
  /** Every entry claims the place of the first. */
  readonly overlapping?: boolean;
}

/** A ZIP archive made by hand, so that it can be wrong in every way. */
export function zipOf(files: Readonly<Record<string, Uint8Array>>, lies: ZipLies = {}): Uint8Array {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const data = lies.deflate === true ? deflateRawSync(bytes) : Buffer.from(bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(lies.flags ?? 0, 2);
    fields.writeUInt16LE(lies.method ?? (lies.deflate === true ? 8 : 0), 4);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(lies.size ?? bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const body = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(lies.overlapping === true ? 0 : at, 10);
    entries.push(
      Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), fields, tail, Buffer.from(name)]),
    );
    bodies.push(body);
    at += body.length;
  }
  if (lies.twice === true) entries.push(...entries.slice(0, 1));
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(lies.count ?? entries.length, 4);
  end.writeUInt16LE(lies.count ?? entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return new Uint8Array(Buffer.concat([...bodies, directory, Buffer.from("PK\x05\x06"), end]));
}
