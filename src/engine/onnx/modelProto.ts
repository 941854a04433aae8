import { onnx } from "onnx-proto";
import { RfmError } from "../files";
import type { Attribute, ElementType, Graph, GraphNode, Tensor, TensorData, TensorType } from "./graph";
import { operatorNamed } from "./operators";
import { elementCount, formatShape } from "./shapes";
import { computedSizes } from "./sizeArithmetic";

const { DataType } = onnx.TensorProto;
const { AttributeType } = onnx.AttributeProto;

/** Operator set and file version this project writes; every provider of ONNX Runtime knows them. */
const OPSET = 13;
const IR_VERSION = 7;

const TYPE_CODES: Readonly<Record<ElementType, number>> = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  float16: DataType.FLOAT16,
  uint8: DataType.UINT8,
  int8: DataType.INT8,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
};

const BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
};

/** Options of {@link writeModel}. */
export interface WriteOptions {
  /** Writes the leading axis of every input and output under this name, so that it can be chosen on reading. */
  readonly batch?: string;
  /** Names further axes of inputs and outputs that can be chosen on reading; undefined: the axis keeps its size. */
  readonly axisName?: (value: string, axis: number) => string | undefined;
}

/** The ONNX file of a graph. */
export function writeModel(graph: Graph, options: WriteOptions = {}): Uint8Array {
  const describe = (name: string): onnx.IValueInfoProto => {
    const type = typeOf(graph, name);
    const dim = type.shape.map((size, axis) => {
      const dimParam = (axis === 0 ? options.batch : undefined) ?? options.axisName?.(name, axis);
      return dimParam === undefined ? { dimValue: size } : { dimParam };
    });
    return { name, type: { tensorType: { elemType: TYPE_CODES[type.type], shape: { dim } } } };
  };
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: "rfm",
    opsetImport: [{ domain: "", version: OPSET }],
    graph: {
      name: graph.name,
      input: [...graph.inputs.keys()].map(describe),
      output: graph.outputs.map(describe),
      initializer: [...graph.initializers].map(([name, tensor]) => tensorProto(tensor, name)),
      node: graph.nodes.map((node, index) => ({
        name: `${node.operator}_${index}`,
        opType: node.operator,
        input: [...node.inputs],
        output: [...node.outputs],
        attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(node, name, value)),
      })),
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

/**
 * Reads an ONNX file whose operators are all known, binds its symbolic axes and infers every shape.
 *
 * @param symbols sizes of the file's named axes; an axis without a name or size is taken as 1.
 * @throws RfmError("graph") where the bytes are no ONNX model or hold something unsupported.
 */
export function readModel(bytes: Uint8Array, symbols: Readonly<Record<string, number>> = {}): Graph {
  const { graph } = decode(bytes);
  const initializers = new Map<string, Tensor>();
  const types = new Map<string, TensorType>();
  for (const proto of graph.initializer ?? []) {
    const tensor = readTensor(proto);
    initializers.set(proto.name ?? "", tensor);
    types.set(proto.name ?? "", { type: tensor.type, shape: tensor.shape });
  }
  const inputs = new Map<string, TensorType>();
  for (const info of graph.input ?? []) {
    const name = info.name ?? "";
    // Old files list their constants among the inputs too.
    if (initializers.has(name)) continue;
    const type = readValueType(info, symbols);
    inputs.set(name, type);
    types.set(name, type);
  }
  const nodes: GraphNode[] = [];
  for (const proto of graph.node ?? []) {
    const node = readNode(proto);
    const constant = node.attributes["value"];
    if (node.operator === "Constant" && isTensor(constant)) {
      initializers.set(node.outputs[0] ?? "", constant);
      types.set(node.outputs[0] ?? "", { type: constant.type, shape: constant.shape });
      continue;
    }
    const sizes = computedSizes(
      node,
      (value) => types.get(value),
      (value) => initializers.get(value),
    );
    if (sizes !== undefined) {
      initializers.set(node.outputs[0] ?? "", sizes);
      types.set(node.outputs[0] ?? "", { type: sizes.type, shape: sizes.shape });
      continue;
    }
    nodes.push(node);
    inferNode(node, types, initializers);
  }
  const outputs = (graph.output ?? []).map((info) => info.name ?? "");
  for (const name of outputs) {
    if (!types.has(name))
      throw new RfmError("graph", `The ONNX model never computes its output ${name}; export it again.`);
  }
  return { name: graph.name ?? "graph", inputs, outputs, initializers, nodes, types };
}

/**
 * The weights in an ONNX file by name, without understanding its operators.
 *
 * @throws RfmError("graph") where the bytes are no ONNX model or a weight is broken.
 */
export function readInitializers(bytes: Uint8Array): ReadonlyMap<string, Tensor> {
  const { graph } = decode(bytes);
  return new Map((graph.initializer ?? []).map((proto) => [proto.name ?? "", readTensor(proto)]));
}

function inferNode(
  node: GraphNode,
  types: Map<string, TensorType>,
  initializers: ReadonlyMap<string, Tensor>,
): void {
  const inputs = node.inputs.map((name) => {
    const type = types.get(name);
    if (type === undefined && name !== "") {
      throw new RfmError(
        "graph",
        `A ${node.operator} node reads ${name}, which nothing computes before it; export the model again.`,
      );
    }
    return type;
  });
  const inferred = operatorNamed(node.operator).infer({
    node,
    inputs,
    constant: (index) => initializers.get(node.inputs[index] ?? ""),
  });
  node.outputs.forEach((name, index) => {
    const type = inferred[index];
    if (name === "" || type === undefined) return;
    types.set(name, { type: type.type, shape: type.shape });
  });
}

function decode(bytes: Uint8Array): { graph: onnx.IGraphProto } {
  try {
    const { graph } = onnx.ModelProto.decode(bytes);
    if (graph?.node) return { graph };
  } catch {
    // Any decoding failure means the same to the person: these bytes are no ONNX model.
  }
  throw new RfmError("graph", "The bytes are no ONNX model; export or import the model again.");
}

function typeOf(graph: Graph, name: string): TensorType {
  const type = graph.types.get(name);
  if (type === undefined)
    throw new RfmError("graph", `The graph ${graph.name} does not compute ${name}; rebuild it.`);
  return type;
}

function isTensor(attribute: Attribute | undefined): attribute is Tensor {
  return typeof attribute === "object" && "data" in attribute;
}

function tensorProto(tensor: Tensor, name = ""): onnx.ITensorProto {
  const { buffer, byteOffset, byteLength } = tensor.data;
  return {
    name,
    dataType: TYPE_CODES[tensor.type],
    dims: [...tensor.shape],
    rawData: new Uint8Array(buffer, byteOffset, byteLength),
  };
}

function attributeProto(node: GraphNode, name: string, value: Attribute): onnx.IAttributeProto {
  if (node.operator === "Cast" && name === "to") {
    return { name, type: AttributeType.INT, i: TYPE_CODES[value as ElementType] };
  }
  if (typeof value === "number") {
    return FLOAT_ATTRIBUTES.has(name)
      ? { name, type: AttributeType.FLOAT, f: value }
      : { name, type: AttributeType.INT, i: value };
  }
  if (typeof value === "string") return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if (isTensor(value)) return { name, type: AttributeType.TENSOR, t: tensorProto(value) };
  return { name, type: AttributeType.INTS, ints: value.map(Number) };
}

/** Attributes that ONNX declares as floats, even where the number happens to be whole. */
const FLOAT_ATTRIBUTES: ReadonlySet<string> = new Set([
  "alpha",
  "beta",
  "epsilon",
  "momentum",
  "cubic_coeff_a",
  "extrapolation_value",
]);

function readNode(proto: onnx.INodeProto): GraphNode {
  if (
    proto.domain !== undefined &&
    proto.domain !== null &&
    proto.domain !== "" &&
    proto.domain !== "ai.onnx"
  ) {
    throw new RfmError(
      "graph",
      `The model uses the operator domain ${proto.domain}, which is not supported here.`,
    );
  }
  const attributes = Object.fromEntries(
    (proto.attribute ?? []).map((attribute) => [
      attribute.name ?? "",
      readAttribute(proto.opType ?? "", attribute),
    ]),
  );
  return { operator: proto.opType ?? "", inputs: proto.input ?? [], outputs: proto.output ?? [], attributes };
}

function readAttribute(operator: string, proto: onnx.IAttributeProto): Attribute {
  switch (proto.type) {
    case AttributeType.FLOAT:
      return proto.f ?? 0;
    case AttributeType.INT:
      return operator === "Cast" && proto.name === "to" ? elementTypeOf(Number(proto.i)) : Number(proto.i);
    case AttributeType.STRING:
      return Buffer.from(proto.s ?? []).toString("utf8");
    case AttributeType.INTS:
      return (proto.ints ?? []).map(Number);
    case AttributeType.FLOATS:
      return proto.floats ?? [];
    case AttributeType.TENSOR:
      if (proto.t) return readTensor(proto.t);
  }
  throw new RfmError(
    "graph",
    `A ${operator} node has an attribute ${proto.name ?? ""} of an unsupported kind; export it again.`,
  );
}

function elementTypeOf(code: number): ElementType {
  for (const [type, own] of Object.entries(TYPE_CODES)) if (own === code) return type as ElementType;
  throw new RfmError("graph", `The model uses the ONNX element type ${code}, which is not supported here.`);
}

function readValueType(info: onnx.IValueInfoProto, symbols: Readonly<Record<string, number>>): TensorType {
  const tensor = info.type?.tensorType;
  const shape = (tensor?.shape?.dim ?? []).map((dim) => {
    const named =
      dim.dimParam === undefined || dim.dimParam === null || dim.dimParam === ""
        ? undefined
        : symbols[dim.dimParam];
    const fixed = Number(dim.dimValue ?? 0);
    return fixed > 0 ? fixed : (named ?? 1);
  });
  return { type: elementTypeOf(tensor?.elemType ?? 0), shape };
}

/** A tensor with its numbers aligned in a buffer of their own; sizes are checked before anything is copied. */
function readTensor(proto: onnx.ITensorProto): Tensor {
  const type = elementTypeOf(proto.dataType ?? 0);
  const shape = (proto.dims ?? []).map(Number);
  const count = elementCount(shape);
  const raw = proto.rawData;
  if (raw !== undefined && raw !== null && raw.length > 0) {
    if (shape.some((size) => size < 0) || raw.length !== count * BYTES[type]) {
      throw new RfmError(
        "graph",
        `The constant ${proto.name ?? ""} claims ${type}${formatShape(shape)} but holds ${raw.length} bytes; export the model again.`,
      );
    }
    return { type, shape, data: viewOf(type, new Uint8Array(raw).buffer) };
  }
  const listed = proto.floatData?.length
    ? proto.floatData
    : proto.int64Data?.length
      ? proto.int64Data.map(Number)
      : proto.doubleData?.length
        ? proto.doubleData
        : (proto.int32Data ?? []);
  if (listed.length !== count) {
    throw new RfmError(
      "graph",
      `The constant ${proto.name ?? ""} claims ${formatShape(shape)} but holds ${listed.length} numbers; export the model again.`,
    );
  }
  const data = viewOf(type, new ArrayBuffer(count * BYTES[type]));
  if (data instanceof BigInt64Array) listed.forEach((value, index) => (data[index] = BigInt(value)));
  else data.set(listed);
  return { type, shape, data };
}

function viewOf(type: ElementType, buffer: ArrayBufferLike): TensorData {
  switch (type) {
    case "float32":
      return new Float32Array(buffer);
    case "float64":
      return new Float64Array(buffer);
    case "float16":
      return new Uint16Array(buffer);
    case "uint8":
    case "bool":
      return new Uint8Array(buffer);
    case "int8":
      return new Int8Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "int64":
      return new BigInt64Array(buffer);
  }
}
