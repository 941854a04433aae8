import { regionOf, type ByteSource } from "./byteSource";
import type { TensorEntry } from "./checkpoint";
import { byteLengthOf, bytesPerElement, tensorFromBytes, unreadable, type StoredType } from "./tensor";

/** A view into a storage of elements, as PyTorch keeps tensors. */
export interface StridedView {
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  /** Elements from one index of an axis to the next. */
  readonly strides: readonly number[];
  /** Of the first element, in elements. */
  readonly offset: number;
}

/**
 * A tensor in a storage: checked against the storage's size before anything is allocated, read as row-major whatever its
 * strides are.
 *
 * @param describe what error messages call it
 * @throws RfmError("checkpoint") where the view leaves its storage or its numbers are none.
 */
export function stridedTensor(storage: ByteSource, view: StridedView, describe: string): TensorEntry {
  const { dtype, shape, strides, offset } = view;
  const width = bytesPerElement(dtype);
  const whole = [...shape, ...strides, offset].every((value) => Number.isSafeInteger(value) && value >= 0);
  const last = shape.reduce((sum, size, axis) => sum + Math.max(0, size - 1) * (strides[axis] ?? 0), 0);
  const empty = shape.includes(0);
  const byteLength = whole ? byteLengthOf(dtype, shape, 2 ** 40) : undefined;
  if (strides.length !== shape.length || byteLength === undefined)
    throw unreadable(storage.name, `describes the tensor ${describe} by sizes that cannot be`);
  if (!empty && (offset + last + 1) * width > storage.size) {
    throw unreadable(
      storage.name,
      `ends after ${storage.size} bytes, but the tensor ${describe} reaches to ${(offset + last + 1) * width}`,
    );
  }
  // Axes of stride 0 repeat what is stored: memory is only what the file holds, within a factor.
  if (byteLength > Math.max(1 << 20, storage.size * 64))
    throw unreadable(storage.name, `repeats its numbers in the tensor ${describe} more than any checkpoint`);
  return {
    dtype,
    shape,
    read: async () => {
      if (empty) return tensorFromBytes(dtype, shape, new Uint8Array(0));
      const part = regionOf(storage, offset * width, (last + 1) * width);
      const bytes = await part.read(0, part.size);
      if (isRowMajor(shape, strides)) return tensorFromBytes(dtype, shape, bytes, part.fresh);
      return tensorFromBytes(dtype, shape, gather(bytes, shape, strides, width, byteLength), true);
    },
  };
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 0;
    if (size !== 1 && strides[axis] !== step) return false;
    step *= size;
  }
  return true;
}

/** Elements in row-major order out of any strides (in elements). */
export function gather(
  bytes: Uint8Array,
  shape: readonly number[],
  strides: readonly number[],
  width: number,
  byteLength: number,
): Uint8Array {
  const result = new Uint8Array(byteLength);
  const index = shape.map(() => 0);
  for (let at = 0, from = 0; at < result.length; at += width) {
    for (let i = 0; i < width; i++) result[at + i] = bytes[from * width + i] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      const step = strides[axis] ?? 0;
      from += step;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      from -= next * step;
      index[axis] = 0;
    }
  }
  return result;
}

/** Strides of an array whose first axis is the fastest, in elements. */
export function fortranStrides(shape: readonly number[]): number[] {
  let step = 1;
  return shape.map((size) => {
    const stride = step;
    step *= size;
    return stride;
  });
}
