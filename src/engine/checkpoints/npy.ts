import { fileSource, memorySource, type ByteSource } from "./byteSource";
import { refuseLfsPointer } from "./checkpoint";
import { parseLiteral } from "./literal";
import { NUMPY_TYPES, swapped } from "./numpy/types";
import { fortranStrides, gather } from "./strided";
import {
  byteLengthOf,
  bytesPerElement,
  tensorFromBytes,
  unreadable,
  type StoredTensor,
  type StoredType,
} from "./tensor";

const MAGIC = "\x93NUMPY";
/** numpy itself refuses longer headers (they are a way to make parsers slow). */
const MAXIMUM_HEADER = 65536;

/** What an .npy file says about itself; `data` is where its elements begin. */
export interface NpyHeader {
  readonly dtype: StoredType;
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly data: number;
  readonly byteLength: number;
}

/** A NumPy array file (versions 1 to 3) in memory; nothing in it is executed. @throws RfmError("checkpoint") */
export async function readNpy(bytes: Uint8Array, name: string): Promise<StoredTensor> {
  return await parseNpy(memorySource(bytes, name));
}

/** A NumPy array file on disk. @throws RfmError("checkpoint") */
export async function readNpyFile(path: string): Promise<StoredTensor> {
  return await parseNpy(await fileSource(path));
}

/** A NumPy array from any source: row-major and in the machine's byte order, whatever the file's were. */
export async function parseNpy(source: ByteSource): Promise<StoredTensor> {
  const header = await parseNpyHeader(source);
  const bytes = await source.read(header.data, header.byteLength);
  const { dtype, shape, fortranOrder, byteLength } = header;
  const width = bytesPerElement(dtype);
  const ordered = header.bigEndian ? swapped(bytes, width) : bytes;
  if (!fortranOrder) return tensorFromBytes(dtype, shape, ordered, source.fresh || ordered !== bytes);
  const turned = gather(ordered, shape, fortranStrides(shape), width, byteLength);
  return tensorFromBytes(dtype, shape, turned, true);
}

/** Type and shape of a NumPy array without its elements, checked against the size of the source. */
export async function parseNpyHeader(source: ByteSource): Promise<NpyHeader> {
  const { name, size } = source;
  const head = await source.read(0, Math.min(size, 64));
  refuseLfsPointer(head, name);
  if (size < 10 || Buffer.from(head.subarray(0, 6)).toString("latin1") !== MAGIC)
    throw unreadable(name, "is no NumPy array (.npy)", "save it with numpy.save");
  const version = head[6] ?? 0;
  if (version < 1 || version > 3) {
    throw unreadable(name, `has the unknown .npy version ${version}`, "save it with numpy.save");
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const start = version === 1 ? 10 : 12;
  if (size < start) throw unreadable(name, `ends after ${size} bytes, in the middle of its header`);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAXIMUM_HEADER) throw unreadable(name, `claims a header of ${length} bytes`);
  const text = Buffer.from(await source.read(start, length)).toString(version === 3 ? "utf8" : "latin1");
  return describe(name, text, start + length, size);
}

function describe(name: string, text: string, data: number, size: number): NpyHeader {
  const literal = parseLiteral(text);
  const fields = literal instanceof Map ? literal : new Map();
  const [descr, fortranOrder, shape] = ["descr", "fortran_order", "shape"].map(
    (key) => fields.get(key) as unknown,
  );
  if (fields.size !== 3 || typeof fortranOrder !== "boolean" || !Array.isArray(shape))
    throw unreadable(name, "has an .npy header that cannot be understood", "save it with numpy.save");
  const [, order = "", code = ""] = /^([<>|=])([a-zA-Z]\d+)$/.exec(String(descr)) ?? [];
  const dtype = Object.hasOwn(NUMPY_TYPES, code) ? NUMPY_TYPES[code] : undefined;
  if (typeof descr !== "string" || dtype === undefined) {
    const what =
      typeof descr === "string" && /O/.test(descr)
        ? "holds Python objects, which are never loaded here"
        : `holds elements of the type ${typeof descr === "string" ? descr : "of a record"}, not numbers`;
    throw unreadable(name, what, "save it as float32");
  }
  const byteLength = byteLengthOf(dtype, shape, size - data);
  if (byteLength === undefined) {
    throw unreadable(
      name,
      `claims the shape (${shape.join(",")}) but holds only ${Math.max(0, size - data)} bytes of data`,
    );
  }
  if (byteLength !== size - data)
    throw unreadable(name, `holds ${size - data - byteLength} bytes after the end of its array`);
  return { dtype, bigEndian: order === ">", fortranOrder, shape: shape as number[], data, byteLength };
}

/** A float32 array as an .npy file of version 1.0, its data aligned to 64 bytes as numpy does. */
export function writeNpy(data: Float32Array, shape: readonly number[]): Uint8Array {
  if (byteLengthOf("float32", shape, data.byteLength) !== data.byteLength) {
    throw unreadable(
      `An array of ${data.length} numbers`,
      `does not fill the shape (${shape.join(",")})`,
      "check what is being written",
    );
  }
  const tuple = shape.length === 1 ? `(${shape.join("")},)` : `(${shape.join(", ")})`;
  const literal = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((10 + literal.length + 1) / 64) * 64;
  const bytes = new Uint8Array(start + data.byteLength);
  bytes.set(Buffer.from(`${MAGIC}\x01\x00`, "latin1"));
  new DataView(bytes.buffer).setUint16(8, start - 10, true);
  bytes.set(Buffer.from(`${literal.padEnd(start - 11)}\n`, "latin1"), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return bytes;
}
