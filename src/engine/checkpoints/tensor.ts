import { decodeFloat16 } from "../onnx";
import { RfmError } from "../files";

/** Element types that checkpoints and arrays hold. */
export type StoredType =
  | "float16"
  | "bfloat16"
  | "float32"
  | "float64"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "bool";

/** Raw elements; float16 and bfloat16 keep their bit patterns in a Uint16Array, bool one byte per element. */
export type StoredData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** An array out of a file: row-major, in the machine's byte order, in memory of its own. */
export interface StoredTensor {
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  readonly data: StoredData;
}

type Constructor = new (buffer: ArrayBuffer) => StoredData;

const ARRAYS: Readonly<Record<StoredType, { readonly bytes: number; readonly array: Constructor }>> = {
  float16: { bytes: 2, array: Uint16Array },
  bfloat16: { bytes: 2, array: Uint16Array },
  float32: { bytes: 4, array: Float32Array },
  float64: { bytes: 8, array: Float64Array },
  int8: { bytes: 1, array: Int8Array },
  int16: { bytes: 2, array: Int16Array },
  int32: { bytes: 4, array: Int32Array },
  int64: { bytes: 8, array: BigInt64Array },
  uint8: { bytes: 1, array: Uint8Array },
  uint16: { bytes: 2, array: Uint16Array },
  uint32: { bytes: 4, array: Uint32Array },
  uint64: { bytes: 8, array: BigUint64Array },
  bool: { bytes: 1, array: Uint8Array },
};

/** Bytes of one element. */
export function bytesPerElement(dtype: StoredType): number {
  return ARRAYS[dtype].bytes;
}

/**
 * Little-endian bytes, row-major, as an array of its own memory; `bytes` must be of the exact length.
 *
 * @param fresh nobody else has these bytes: where they fill their buffer they become the array without a copy.
 */
export function tensorFromBytes(
  dtype: StoredType,
  shape: readonly number[],
  bytes: Uint8Array,
  fresh = false,
): StoredTensor {
  const { buffer } = bytes;
  if (fresh && buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength)
    return { dtype, shape, data: new ARRAYS[dtype].array(buffer) };
  const own = new Uint8Array(bytes.byteLength);
  own.set(bytes);
  return { dtype, shape, data: new ARRAYS[dtype].array(own.buffer) };
}

/**
 * Elements that a shape and a type take in bytes, computed without overflow; undefined where the shape is
 * none (negative, fractional) or beyond `limit`.
 */
export function byteLengthOf(
  dtype: StoredType,
  shape: readonly unknown[],
  limit: number,
): number | undefined {
  let bytes = bytesPerElement(dtype);
  if (!shape.every((size): size is number => Number.isSafeInteger(size) && Number(size) >= 0))
    return undefined;
  if (shape.includes(0)) return 0;
  for (const size of shape) {
    bytes *= size;
    if (bytes > limit) return undefined;
  }
  return bytes;
}

/** The tensor's numbers as float32; what is float32 already is returned as it is, not copied. */
export function toFloat32(tensor: StoredTensor): Float32Array {
  const { data, dtype } = tensor;
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array && dtype === "float16") return decodeFloat16(data);
  if (data instanceof Uint16Array && dtype === "bfloat16") return decodeBfloat16(data);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return Float32Array.from({ length: data.length }, (_, i) => Number(data[i]));
  }
  return Float32Array.from(data);
}

/** bfloat16 is the upper half of a float32. */
function decodeBfloat16(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = (bits[i] ?? 0) << 16;
  return new Float32Array(words.buffer);
}

/** The one sentence for a file that cannot be trusted or understood. */
export function unreadable(name: string, what: string, remedy = "get the file again"): RfmError {
  return new RfmError("checkpoint", `${name} ${what}; ${remedy}.`);
}
