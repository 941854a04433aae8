import type { ByteSource } from "../byteSource";
import type { TensorEntry } from "../checkpoint";
import { arrayBytesOf, itemsOf, PickleRecord, textOf, wholeNumbersOf, type PickleValue } from "../pickle";
import { byteLengthOf, bytesPerElement, tensorFromBytes, unreadable, type StoredType } from "../tensor";
import { fortranStrides, gather } from "../strided";
import { NUMPY_TYPES, swapped } from "./types";

/** Elements in a pickled array: type, byte order, order of axes and raw bytes. */
interface Elements {
  readonly dtype: StoredType;
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly bytes: ByteSource;
}

/**
 * A NumPy array or scalar in a pickle; undefined where the value is neither.
 *
 * @param describe what error messages call it
 * @throws RfmError("checkpoint") where it holds objects, or its bytes do not fit its shape.
 */
export async function pickledArray(
  value: PickleValue | undefined,
  describe: string,
): Promise<TensorEntry | undefined> {
  if (!(value instanceof PickleRecord)) return undefined;
  const path = value.callable.path.replace(/^numpy\._core\./, "numpy.core.");
  const found =
    path === "numpy.core.multiarray._reconstruct"
      ? await fromState(value, describe)
      : path === "numpy.core.multiarray.scalar"
        ? await fromScalar(value, describe)
        : path === "numpy.core.numeric._frombuffer"
          ? await fromBuffer(value, describe)
          : undefined;
  return found && entryOf(found, describe);
}

/** `_reconstruct(ndarray, (0,), b"b")` with the state (version, shape, dtype, is Fortran's order, bytes). */
async function fromState({ state }: PickleRecord, describe: string): Promise<Elements | undefined> {
  const parts = itemsOf(state);
  const [shape, dtype, fortran, data] = parts.length === 5 ? parts.slice(1) : parts;
  return elements(shape, dtype, fortran === true || fortran === 1, data, describe);
}

async function fromScalar({ args }: PickleRecord, describe: string): Promise<Elements | undefined> {
  return elements([], args[0], false, args[1], describe);
}

async function fromBuffer({ args }: PickleRecord, describe: string): Promise<Elements | undefined> {
  const [data, dtype, shape, order] = args;
  return elements(shape, dtype, order === "F", data, describe);
}

async function elements(
  shapeValue: PickleValue | undefined,
  dtypeValue: PickleValue | undefined,
  fortranOrder: boolean,
  data: PickleValue | undefined,
  describe: string,
): Promise<Elements> {
  const code = dtypeValue instanceof PickleRecord ? textOf(dtypeValue.args[0]) : undefined;
  const dtype = code !== undefined && Object.hasOwn(NUMPY_TYPES, code) ? NUMPY_TYPES[code] : undefined;
  if (!(dtypeValue instanceof PickleRecord) || dtype === undefined)
    throw unreadable(
      describe,
      code?.startsWith("O") === true
        ? "holds Python objects, which are never loaded here"
        : "holds elements of an unknown type",
      "save it as float32",
    );
  const shape = wholeNumbersOf(shapeValue);
  const byteLength = shape && byteLengthOf(dtype, shape, Number.MAX_SAFE_INTEGER);
  const bytes = await arrayBytesOf(data, describe, byteLength ?? 0);
  if (shape === undefined || bytes === undefined)
    throw unreadable(describe, "is an array without shape or bytes");
  return { dtype, bigEndian: itemsOf(dtypeValue.state)[1] === ">", fortranOrder, shape, bytes };
}

function entryOf({ dtype, bigEndian, fortranOrder, shape, bytes }: Elements, describe: string): TensorEntry {
  const byteLength = byteLengthOf(dtype, shape, bytes.size);
  if (byteLength !== bytes.size)
    throw unreadable(describe, `claims the shape (${shape.join(",")}) but holds ${bytes.size} bytes`);
  const width = bytesPerElement(dtype);
  return {
    dtype,
    shape,
    read: async () => {
      const stored = await bytes.read(0, byteLength);
      const ordered = bigEndian ? swapped(stored, width) : stored;
      if (!fortranOrder) return tensorFromBytes(dtype, shape, ordered, bytes.fresh || ordered !== stored);
      const turned = gather(ordered, shape, fortranStrides(shape), width, byteLength);
      return tensorFromBytes(dtype, shape, turned, true);
    },
  };
}
