export { readPickle, type ReadPickle } from "./readPickle";
export {
  PickleBlob,
  PickleDict,
  PickleGlobal,
  PicklePersistent,
  PickleRecord,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from "./value";
export { itemsOf, textOf, wholeNumbersOf } from "./ask";
export { arrayBytesOf, bytesOf } from "./blob";
