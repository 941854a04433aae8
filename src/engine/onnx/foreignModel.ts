import { onnx } from "onnx-proto";
import { RfmError } from "../files";

/** A value at the border of an ONNX file that somebody else made. */
export interface ForeignValue {
  readonly name: string;
  readonly isFloat32: boolean;
  /** Undefined for an axis whose size is open. */
  readonly sizes: readonly (number | undefined)[];
}

/** What an ONNX file takes and gives, whatever its operators. */
export interface ForeignModel {
  /** Without the constants that old files list among them. */
  readonly inputs: readonly ForeignValue[];
  readonly outputs: readonly ForeignValue[];
}

/** One border value of an adapted file: its new name, and the sizes of one row outside and inside. */
interface Border {
  /** Its name in the file. */
  readonly name: string;
  readonly as: string;
  /** Without the leading axis. */
  readonly outside: readonly number[];
}

/** How a foreign file becomes a pack's: one input, one output, any number of rows. */
export interface Adaptation {
  /** Rows come as `outside` and are reshaped to `inside`. */
  readonly input: Border & { readonly inside: readonly number[] };
  /** Rows leave as `outside`, after the steps that are named. */
  readonly output: Border & {
    /** Of several rows for each code [n,L,D] only the first leaves. */
    readonly firstRow?: boolean;
    /** Numbers leave as scale * x + shift. */
    readonly scale?: number;
    readonly shift?: number;
    /** Only its sizes leave, all of them, as float32 numbers. */
    readonly sizesOnly?: boolean;
  };
  /** Name of the leading axis. */
  readonly batch: string;
}

const { DataType } = onnx.TensorProto;

/**
 * Looks at an ONNX file's border. Its operators need not be known.
 *
 * @param name for sentences.
 * @throws RfmError("graph") where the bytes are no ONNX model, or keep weights in other files.
 */
export function describeModel(bytes: Uint8Array, name: string): ForeignModel {
  const graph = decoded(bytes, name);
  const constants = new Set((graph.initializer ?? []).map((tensor) => tensor.name ?? ""));
  return {
    inputs: (graph.input ?? []).filter((info) => !constants.has(info.name ?? "")).map(valueOf),
    outputs: (graph.output ?? []).map(valueOf),
  };
}

/**
 * The file with one input and one output under new names, a leading axis of any size, and what it takes to bring their shapes
 * and numbers to those that a pack has. The operators stay as they are.
 *
 * @throws RfmError("graph") where the file has no such values.
 */
export function adaptModel(bytes: Uint8Array, name: string, adaptation: Adaptation): Uint8Array {
  const { input, output, batch } = adaptation;
  const model = onnx.ModelProto.decode(bytes);
  const graph = decoded(bytes, name, model);
  const taken = new Set([input.as, output.as, ...STEPS]);
  renameValues(graph, (value) => (taken.has(value) ? `imported.${value}` : value));
  const inner = (value: string): string => (taken.has(value) ? `imported.${value}` : value);
  const constant = (value: string, tensor: onnx.ITensorProto): void => {
    (graph.initializer ??= []).push({ ...tensor, name: value });
  };
  constant(SHAPE, {
    dataType: DataType.INT64,
    dims: [input.inside.length + 1],
    rawData: new Uint8Array(BigInt64Array.from([0, ...input.inside], BigInt).buffer),
  });
  const before: onnx.INodeProto[] = [
    { opType: "Reshape", name: "take", input: [input.as, SHAPE], output: [inner(input.name)] },
  ];
  const after: onnx.INodeProto[] = [];
  let last = inner(output.name);
  const step = (
    node: Pick<onnx.INodeProto, "opType" | "attribute">,
    operand: string,
    result: string,
  ): void => {
    after.push({ ...node, name: result, input: [last, operand], output: [result] });
    last = result;
  };
  if (output.firstRow === true) {
    constant(FIRST, { dataType: DataType.INT64, dims: [], rawData: new Uint8Array(8) });
    const axis = { name: "axis", type: onnx.AttributeProto.AttributeType.INT, i: 1 };
    step({ opType: "Gather", attribute: [axis] }, FIRST, ROW);
  }
  if (output.sizesOnly === true) {
    after.push({ opType: "Shape", name: SIZES, input: [last], output: [SIZES] });
    const to = { name: "to", type: onnx.AttributeProto.AttributeType.INT, i: DataType.FLOAT };
    after.push({ opType: "Cast", name: NUMBERS, input: [SIZES], output: [NUMBERS], attribute: [to] });
    last = NUMBERS;
  }
  const { scale = 1, shift = 0 } = output;
  const number = (value: number): onnx.ITensorProto => ({
    dataType: DataType.FLOAT,
    dims: [],
    rawData: new Uint8Array(Float32Array.of(value).buffer),
  });
  if (scale !== 1) {
    constant(SCALE, number(scale));
    step({ opType: "Mul" }, SCALE, SCALED);
  }
  if (shift !== 0) {
    constant(SHIFT, number(shift));
    step({ opType: "Add" }, SHIFT, SHIFTED);
  }
  after.push({ opType: "Identity", name: "give", input: [last], output: [output.as] });
  const border = (value: string, sizes: readonly number[], isSingle = false): onnx.IValueInfoProto => {
    const rest = sizes.map((dimValue) => ({ dimValue }));
    const shape = { dim: isSingle ? rest : [{ dimParam: batch }, ...rest] };
    return { name: value, type: { tensorType: { elemType: DataType.FLOAT, shape } } };
  };
  graph.node = [...before, ...(graph.node ?? []), ...after];
  graph.input = [border(input.as, input.outside)];
  graph.output = [border(output.as, output.outside, output.sizesOnly)];
  // Shapes that the exporter noted are of its own batch.
  graph.valueInfo = [];
  return onnx.ModelProto.encode(model).finish();
}

/** Names of what is added. */
const [SHAPE, FIRST, ROW, SCALE, SCALED, SHIFT, SHIFTED, SIZES, NUMBERS] = [
  "rfm.shape",
  "rfm.first",
  "rfm.row",
  "rfm.scale",
  "rfm.scaled",
  "rfm.shift",
  "rfm.shifted",
  "rfm.sizes",
  "rfm.numbers",
] as const;
const STEPS = [SHAPE, FIRST, ROW, SCALE, SCALED, SHIFT, SHIFTED, SIZES, NUMBERS];

function decoded(bytes: Uint8Array, name: string, model?: onnx.ModelProto): onnx.IGraphProto {
  let graph: onnx.IGraphProto | null | undefined;
  try {
    ({ graph } = model ?? onnx.ModelProto.decode(bytes));
  } catch {
    // The sentence below says all that a person can do.
  }
  if (!graph?.node) throw new RfmError("graph", `${name} is no ONNX model; export it again.`);
  refuseExternalData(graph, name, 0);
  return graph;
}

/** Loops within loops. */
const DEEPEST = 16;

/**
 * Refuses weights that lie in other files: ONNX Runtime would read whatever path the file names.
 *
 * @throws RfmError("graph")
 */
function refuseExternalData(graph: onnx.IGraphProto, name: string, depth: number): void {
  if (depth > DEEPEST) throw new RfmError("graph", `${name} nests deeper than any ONNX model.`);
  const check = (tensor: onnx.ITensorProto | null | undefined): void => {
    const isOutside = tensor?.dataLocation === onnx.TensorProto.DataLocation.EXTERNAL;
    if (!isOutside && (tensor?.externalData ?? []).length === 0) return;
    throw new RfmError(
      "graph",
      `${name} keeps its weights in another file, which is not supported; save it again as one file (onnx.save without save_as_external_data).`,
    );
  };
  for (const tensor of graph.initializer ?? []) check(tensor);
  for (const sparse of (graph as { sparseInitializer?: readonly onnx.ISparseTensorProto[] })
    .sparseInitializer ?? []) {
    check(sparse.values);
    check(sparse.indices);
  }
  for (const { attribute } of graph.node ?? []) {
    for (const { t, tensors, g, graphs } of attribute ?? []) {
      for (const tensor of [t, ...(tensors ?? [])]) check(tensor);
      for (const inside of [g, ...(graphs ?? [])]) {
        if (inside) refuseExternalData(inside, name, depth + 1);
      }
    }
  }
}

function valueOf(info: onnx.IValueInfoProto): ForeignValue {
  const tensor = info.type?.tensorType;
  return {
    name: info.name ?? "",
    isFloat32: tensor?.elemType === DataType.FLOAT,
    sizes: (tensor?.shape?.dim ?? []).map(({ dimValue }) => {
      const size = Number(dimValue ?? 0);
      return size > 0 ? size : undefined;
    }),
  };
}

/** Renames values wherever they are named, also in the graphs inside of operators, which see those outside. */
function renameValues(graph: onnx.IGraphProto, rename: (name: string) => string): void {
  const all = (names: readonly string[] | null | undefined): string[] => (names ?? []).map(rename);
  for (const tensor of graph.initializer ?? []) tensor.name = rename(tensor.name ?? "");
  for (const info of [...(graph.input ?? []), ...(graph.output ?? [])]) info.name = rename(info.name ?? "");
  for (const node of graph.node ?? []) {
    node.input = all(node.input);
    node.output = all(node.output);
    for (const { g, graphs } of node.attribute ?? []) {
      for (const inside of [g, ...(graphs ?? [])]) if (inside) renameValues(inside, rename);
    }
  }
}
