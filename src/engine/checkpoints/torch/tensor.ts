import type { TensorEntry } from "../checkpoint";
import {
  bytesOf,
  PickleGlobal,
  PicklePersistent,
  PickleRecord,
  wholeNumbersOf,
  type PickleValue,
} from "../pickle";
import { stridedTensor } from "../strided";
import { unreadable, type StoredType } from "../tensor";
import { parseTorchLegacy } from "./legacyFile";
import type { Storage } from "./storage";

/** Finds the storage that a pickle refers to; async because storages inside pickles are files of their own. */
export type FindStorage = (value: PicklePersistent) => Promise<Storage>;

const DTYPES: Readonly<Record<string, StoredType>> = {
  float32: "float32",
  float64: "float64",
  float16: "float16",
  bfloat16: "bfloat16",
  int64: "int64",
  int32: "int32",
  int16: "int16",
  int8: "int8",
  uint8: "uint8",
  bool: "bool",
};

/**
 * A PyTorch tensor or parameter in a pickle; undefined where the value is neither.
 *
 * @param describe what error messages call it
 * @throws RfmError("checkpoint") where it leaves its storage.
 */
export async function torchTensor(
  value: PickleValue | undefined,
  describe: string,
  find: FindStorage,
): Promise<TensorEntry | undefined> {
  if (!(value instanceof PickleRecord)) return undefined;
  const { args } = value;
  switch (value.callable.path) {
    case "torch._utils._rebuild_tensor":
    case "torch._utils._rebuild_tensor_v2":
      return view(args, undefined, describe, find);
    case "torch._utils._rebuild_tensor_v3":
      return view(args, args[6], describe, find);
    case "torch._utils._rebuild_parameter":
    case "torch._utils._rebuild_parameter_with_state":
    case "torch.nn.parameter.Parameter":
      return torchTensor(args[0], describe, find);
    case "torch._tensor._rebuild_from_type_v2": {
      const [callable, , inner] = args;
      if (!(callable instanceof PickleGlobal)) return undefined;
      return torchTensor(new PickleRecord(callable, itemsOfTuple(inner)), describe, find);
    }
    default:
      return undefined;
  }
}

function itemsOfTuple(value: PickleValue | undefined): readonly PickleValue[] {
  return value !== undefined && value !== null && typeof value === "object" && "items" in value
    ? value.items
    : [];
}

async function view(
  [stored, offset, size, stride]: readonly PickleValue[],
  type: PickleValue | undefined,
  describe: string,
  find: FindStorage,
): Promise<TensorEntry> {
  const [shape, strides] = [wholeNumbersOf(size), wholeNumbersOf(stride)];
  const storage = await storageOf(stored, describe, find);
  if (storage === undefined || shape === undefined || strides === undefined || typeof offset !== "number")
    throw unreadable(describe, "is a tensor without storage or shape");
  const named = type instanceof PickleGlobal ? DTYPES[type.name] : undefined;
  return stridedTensor(storage.bytes, { dtype: named ?? storage.dtype, shape, strides, offset }, describe);
}

async function storageOf(
  value: PickleValue | undefined,
  describe: string,
  find: FindStorage,
): Promise<Storage | undefined> {
  if (value instanceof PicklePersistent) return find(value);
  if (!(value instanceof PickleRecord)) return undefined;
  // `TypedStorage` around an untyped one.
  if (value.callable.path === "torch.storage.TypedStorage") return undefined;
  if (value.callable.path !== "torch.storage._load_from_bytes") return undefined;
  const bytes = await bytesOf(value.args[0], describe);
  if (bytes === undefined) return undefined;
  const { root, find: inside } = await parseTorchLegacy(bytes);
  return root instanceof PicklePersistent ? inside(root) : undefined;
}
