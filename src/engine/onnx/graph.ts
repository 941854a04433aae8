/** Element types this project's graphs hold. */
export type ElementType = "float32" | "float16" | "float64" | "uint8" | "int8" | "int32" | "int64" | "bool";

/** Raw elements of a tensor. float16 keeps its bit patterns in a Uint16Array, bool one byte per element. */
export type TensorData =
  Float32Array | Float64Array | Uint16Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** Element type and static shape of a value; `[]` is a scalar. */
export interface TensorType {
  readonly type: ElementType;
  readonly shape: readonly number[];
}

/** A constant array, row-major. */
export interface Tensor extends TensorType {
  readonly data: TensorData;
}

/** An operator attribute; a tensor attribute is a Tensor. */
export type Attribute = number | string | readonly number[] | readonly string[] | Tensor;

/** One operator application. `""` stands for an omitted optional input or an unused output. */
export interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/**
 * An ONNX graph with static shapes: immutable, in topological order, every value's type known.
 * `inputs` and `outputs` keep their declared order.
 */
export interface Graph {
  readonly name: string;
  readonly inputs: ReadonlyMap<string, TensorType>;
  readonly outputs: readonly string[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  readonly nodes: readonly GraphNode[];
  readonly types: ReadonlyMap<string, TensorType>;
}
