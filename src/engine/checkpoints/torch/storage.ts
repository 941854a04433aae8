import { regionOf, type ByteSource } from "../byteSource";
import { itemsOf, PickleGlobal, PicklePersistent, textOf, type PickleValue } from "../pickle";
import { bytesPerElement, unreadable, type StoredType } from "../tensor";

/** Elements that tensors are views of. */
export interface Storage {
  readonly dtype: StoredType;
  readonly bytes: ByteSource;
}

/** A storage as a pickle names it: `("storage", torch.FloatStorage, key, location, numel, ...)`. */
export interface StorageName {
  readonly dtype: StoredType;
  readonly key: string;
  readonly count: number;
  /** A part of a larger storage (old files): its own key, where it begins, and its elements. */
  readonly view?: { readonly offset: number; readonly count: number };
}

const TYPES: Readonly<Record<string, StoredType>> = {
  FloatStorage: "float32",
  DoubleStorage: "float64",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  IntStorage: "int32",
  LongStorage: "int64",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
  UntypedStorage: "uint8",
};

/** @throws RfmError("checkpoint") where the identity is no storage's. */
export function storageName({ id }: PicklePersistent, file: string): StorageName {
  const [tag, type, keyValue, , count, view] = itemsOf(id);
  const key = typeof keyValue === "number" ? String(keyValue) : textOf(keyValue);
  const dtype =
    type instanceof PickleGlobal && type.module.startsWith("torch") && Object.hasOwn(TYPES, type.name)
      ? TYPES[type.name]
      : undefined;
  if (tag !== "storage" || key === undefined || dtype === undefined || !isCount(count))
    throw unreadable(file, "refers to something outside itself that is no storage of numbers");
  const [, offset, size] = itemsOf(view);
  if (view === undefined || view === null) return { dtype, key, count };
  if (!isCount(offset) || !isCount(size))
    throw unreadable(file, `has a view of the storage ${key} without sizes`);
  return { dtype, key, count, view: { offset, count: size } };
}

/** The storage behind a name, where `whole` are the bytes of its key; checked against their size. */
export function storageIn(whole: ByteSource, { dtype, key, count, view }: StorageName): Storage {
  const width = bytesPerElement(dtype);
  if (count * width > whole.size)
    throw unreadable(
      whole.name,
      `keeps ${whole.size} bytes in the storage ${key} that should have ${count * width}`,
    );
  if (view === undefined) return { dtype, bytes: regionOf(whole, 0, count * width) };
  return { dtype, bytes: regionOf(whole, view.offset * width, view.count * width) };
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
