import { fileSource, type ByteSource } from "./byteSource";
import { refuseLfsPointer, type Checkpoint, type TensorEntry } from "./checkpoint";
import {
  byteLengthOf,
  bytesPerElement,
  tensorFromBytes,
  unreadable,
  type StoredTensor,
  type StoredType,
} from "./tensor";

const TYPES: Readonly<Record<string, StoredType>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U64: "uint64",
  U32: "uint32",
  U16: "uint16",
  U8: "uint8",
  BOOL: "bool",
};

const PREFIX = 8;
/** The limit of the reference implementation. */
const MAXIMUM_HEADER = 100_000_000;

/** Opens a .safetensors file; tensors are read from it when asked for. @throws RfmError("checkpoint") */
export async function readSafetensors(path: string): Promise<Checkpoint> {
  return await parseSafetensors(await fileSource(path));
}

/**
 * A safetensors file: u64 header length, JSON header, data. Everything the format promises is checked before
 * a tensor is allocated: known types, sizes that fit the shapes, data without gap, overlap or rest.
 *
 * @throws RfmError("checkpoint")
 */
export async function parseSafetensors(source: ByteSource): Promise<Checkpoint> {
  const { name, size } = source;
  refuseLfsPointer(await source.read(0, Math.min(size, 64)), name);
  if (size < PREFIX) throw unreadable(name, `is only ${size} bytes long and no safetensors file`);
  const prefix = await source.read(0, PREFIX);
  const length = new DataView(prefix.buffer, prefix.byteOffset, PREFIX).getBigUint64(0, true);
  if (length > BigInt(Math.min(MAXIMUM_HEADER, size - PREFIX))) {
    throw unreadable(name, `is no whole safetensors file (its header would take ${length.toString()} bytes)`);
  }
  const start = PREFIX + Number(length);
  const header = parseHeader(name, await source.read(PREFIX, Number(length)));
  const metadata = metadataOf(name, header["__metadata__"]);
  const regions = Object.entries(header)
    .filter(([key]) => key !== "__metadata__")
    .map(([key, value]) => regionOf(name, key, value, size - start));
  checkCoverage(name, regions, size - start);
  const entries = regions.map((region): [string, TensorEntry] => {
    const { dtype, shape, begin, end } = region;
    const read = async (): Promise<StoredTensor> =>
      tensorFromBytes(dtype, shape, await source.read(start + begin, end - begin), source.fresh);
    return [region.key, { dtype, shape, read }];
  });
  return { name, metadata, tensors: new Map(entries) };
}

interface Region {
  readonly key: string;
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function parseHeader(name: string, bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw unreadable(name, "has a safetensors header that is no JSON");
  }
  if (!isRecord(header)) throw unreadable(name, "has a safetensors header that is no table");
  return header;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function metadataOf(name: string, value: unknown): Map<string, string> {
  if (value === undefined) return new Map();
  if (!isRecord(value)) throw unreadable(name, "has safetensors metadata that is no table");
  return new Map(
    Object.entries(value).map(([key, text]) => {
      if (typeof text !== "string") throw unreadable(name, `has metadata ${key} that is no text`);
      return [key, text];
    }),
  );
}

function regionOf(name: string, key: string, value: unknown, available: number): Region {
  const fail = (what: string): never => {
    throw unreadable(name, `describes its tensor ${key} wrongly: ${what}`);
  };
  if (!isRecord(value)) return fail("it is no table");
  const { dtype: code, shape, data_offsets: offsets } = value;
  const dtype = typeof code === "string" && Object.hasOwn(TYPES, code) ? TYPES[code] : undefined;
  if (dtype === undefined) return fail(`the type ${String(code)} is unknown`);
  if (!Array.isArray(shape)) return fail("it has no shape");
  const length = byteLengthOf(dtype, shape, available);
  if (length === undefined) return fail("its shape does not fit in the file");
  if (!Array.isArray(offsets) || offsets.length !== 2) return fail("it has no place in the data");
  const [begin, end] = offsets as unknown[];
  if (typeof begin !== "number" || typeof end !== "number") return fail("its place is no pair of numbers");
  if (!Number.isSafeInteger(begin) || begin < 0 || end - begin !== length || end > available)
    return fail("its place does not fit its shape");
  return { key, dtype, shape: shape as number[], begin, end };
}

/** The data must be filled exactly: each tensor starts where the one before it ends. */
function checkCoverage(name: string, regions: readonly Region[], available: number): void {
  let next = 0;
  for (const { key, begin, end } of [...regions].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== next)
      throw unreadable(name, `has a gap or an overlap in its data before the tensor ${key}`);
    next = end;
  }
  if (next !== available) throw unreadable(name, `holds ${available - next} bytes that belong to no tensor`);
}

/**
 * A safetensors file as bytes. Tensors lie by falling element size, then by name, so that each is aligned;
 * the header is padded with blanks to eight bytes.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const codes = new Map(Object.entries(TYPES).map(([code, dtype]) => [dtype, code]));
  const ordered = [...tensors].sort(
    ([nameA, a], [nameB, b]) =>
      bytesPerElement(b.dtype) - bytesPerElement(a.dtype) || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0),
  );
  const header: [string, unknown][] = [];
  if (metadata.size > 0) header.push(["__metadata__", Object.fromEntries(metadata)]);
  let end = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    if (byteLengthOf(dtype, shape, data.byteLength) !== data.byteLength)
      throw unreadable(`The tensor ${name}`, "does not fill its shape", "check what is being written");
    const begin = end;
    end += data.byteLength;
    header.push([name, { dtype: codes.get(dtype), shape, data_offsets: [begin, end] }]);
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)), "utf8");
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(PREFIX + length + end).fill(0x20, PREFIX, PREFIX + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, PREFIX);
  let at = PREFIX + length;
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}
