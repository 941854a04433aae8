export { valueAt } from "./flatten";
export { fileSource, memorySource, type ByteSource } from "./byteSource";
export { readAll, type Checkpoint, type TensorEntry } from "./checkpoint";
export { parseNpy, parseNpyHeader, readNpy, readNpyFile, writeNpy, type NpyHeader } from "./npy";
export { parseSafetensors, readSafetensors, writeSafetensors } from "./safetensors";
export {
  byteLengthOf,
  bytesPerElement,
  toFloat32,
  type StoredData,
  type StoredTensor,
  type StoredType,
} from "./tensor";
export { openCheckpoint, parseCheckpoint, type Container, type OpenedCheckpoint } from "./openCheckpoint";
export { PickleDict, PickleGlobal, PickleRecord, PickleTuple, type PickleValue } from "./pickle";
