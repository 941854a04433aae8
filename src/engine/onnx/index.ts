export { atBatch } from "./atBatch";
export { GraphBuilder } from "./builder";
export {
  adaptModel,
  describeModel,
  type Adaptation,
  type ForeignModel,
  type ForeignValue,
} from "./foreignModel";
export { evaluateConstant } from "./evaluate";
export { decodeFloat16, encodeFloat16 } from "./float16";
export { foldConstants } from "./fold";
export * from "./functions";
export { gradient, gradientName } from "./gradient";
export type { Attribute, ElementType, Graph, GraphNode, Tensor, TensorData, TensorType } from "./graph";
export { readInitializers, readModel, writeModel, type WriteOptions } from "./modelProto";
export { OPERATOR_NAMES } from "./operators";
export { pruneGraph } from "./prune";
export { broadcastShapes, elementCount, formatShape, sameShape, stridesOf } from "./shapes";
export type { Operand, Value } from "./value";
