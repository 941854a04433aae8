import { RfmError } from "../files";
import type { Attribute, ElementType, Graph, GraphNode, Tensor, TensorType } from "./graph";
import { operatorNamed } from "./operators";
import { pruneGraph } from "./prune";
import { elementCount, formatShape, sameShape } from "./shapes";
import type { ConstantData, Value, ValueOwner } from "./value";

/**
 * Builds a {@link Graph}: values are added by operator functions (`conv(x, weight)`), each shape is inferred
 * and checked at once, so that a mistake is reported where it is made.
 */
export class GraphBuilder implements ValueOwner {
  readonly #inputs = new Map<string, TensorType>();
  readonly #initializers = new Map<string, Tensor>();
  readonly #types = new Map<string, TensorType>();
  readonly #outputs = new Map<string, string>();
  readonly #shared = new Map<string, Value>();
  #nodes: GraphNode[] = [];
  #counter = 0;

  constructor(readonly name: string) {}

  /** Continues an existing graph: all its values are there under their names, outputs included. */
  static from(graph: Graph): GraphBuilder {
    const builder = new GraphBuilder(graph.name);
    for (const [name, type] of graph.inputs) builder.#inputs.set(name, type);
    for (const [name, tensor] of graph.initializers) builder.#initializers.set(name, tensor);
    for (const [name, type] of graph.types) builder.#types.set(name, type);
    for (const name of graph.outputs) builder.#outputs.set(name, name);
    builder.#nodes = [...graph.nodes];
    return builder;
  }

  /** Declares an input of static shape. */
  input(name: string, shape: readonly number[], type: ElementType = "float32"): Value {
    this.#claim(name, { type, shape });
    this.#inputs.set(name, { type, shape });
    return this.value(name);
  }

  /**
   * A constant. Numbers are float32 unless `type` says otherwise; `shape` defaults to a scalar for a number
   * and to one axis for a list.
   */
  constant(data: ConstantData, shape?: readonly number[], type?: ElementType): Value {
    const tensor = toTensor(data, shape, type);
    const key =
      elementCount(tensor.shape) <= 16
        ? `${tensor.type}${formatShape(tensor.shape)}${String(tensor.data)}`
        : "";
    const known = this.#shared.get(key);
    if (key !== "" && known !== undefined) return known;
    const value = this.initializer(this.#fresh("constant"), tensor);
    if (key !== "") this.#shared.set(key, value);
    return value;
  }

  /** A constant under a name of its own: the weights of a network. */
  initializer(name: string, tensor: Tensor): Value {
    if (tensor.data.length !== elementCount(tensor.shape)) {
      throw new RfmError(
        "graph",
        `The constant ${name} holds ${tensor.data.length} numbers but its shape is ${formatShape(tensor.shape)}; check the weights.`,
      );
    }
    this.#claim(name, tensor);
    this.#initializers.set(name, tensor);
    return this.value(name);
  }

  /** Makes a value an output of the graph, under this name. */
  output(name: string, value: Value): void {
    if (this.#outputs.has(name)) {
      throw new RfmError(
        "graph",
        `The graph ${this.name} already has an output ${name}; choose another name.`,
      );
    }
    this.#outputs.set(name, value.name);
  }

  /** The value of this name. @throws RfmError("graph") where there is none. */
  value(name: string): Value {
    const type = this.#types.get(name);
    if (type === undefined)
      throw new RfmError("graph", `The graph ${this.name} has no value ${name}; check its nodes.`);
    return { name, type: type.type, shape: type.shape, owner: this };
  }

  constantOf(value: Value): Tensor | undefined {
    return this.#initializers.get(value.name);
  }

  /** Turns a constant into an input, so that its value can change and be differentiated. */
  promote(name: string): Value {
    const value = this.value(name);
    if (this.#initializers.delete(name)) this.#inputs.set(name, { type: value.type, shape: value.shape });
    return value;
  }

  apply(
    operator: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, Attribute>> = {},
    outputs = 1,
  ): Value[] {
    const prefix = operator.charAt(0).toLowerCase() + operator.slice(1);
    return this.#append(
      operator,
      inputs,
      attributes,
      Array.from({ length: outputs }, () => this.#fresh(prefix)),
    );
  }

  /**
   * Splices a whole graph in, its inputs bound to values of this one.
   * @returns the spliced graph's outputs by name.
   */
  inline(graph: Graph, inputs: Readonly<Record<string, Value>>, prefix = graph.name): Record<string, Value> {
    const scope = this.#fresh(prefix);
    const bound = new Map<string, Value>();
    for (const [name, type] of graph.inputs) {
      const value = inputs[name];
      if (value === undefined || !sameShape(value.shape, type.shape) || value.type !== type.type) {
        throw new RfmError(
          "graph",
          `The input ${name} of ${graph.name} wants ${type.type}${formatShape(type.shape)} but gets ${
            value === undefined ? "nothing" : value.type + formatShape(value.shape)
          }; bind a value that fits.`,
        );
      }
      bound.set(name, value);
    }
    for (const [name, tensor] of graph.initializers)
      bound.set(name, this.initializer(`${scope}/${name}`, tensor));
    for (const node of graph.nodes) {
      const values = node.inputs.map((name) => (name === "" ? undefined : bound.get(name)));
      const names = node.outputs.map((name) => (name === "" ? "" : `${scope}/${name}`));
      this.#append(node.operator, values, node.attributes, names).forEach((value, index) => {
        bound.set(node.outputs[index] ?? "", value);
      });
    }
    return Object.fromEntries(
      graph.outputs.map((name) => {
        const value = bound.get(name);
        if (value === undefined)
          throw new RfmError("graph", `${graph.name} does not compute its output ${name}; rebuild it.`);
        return [name, value];
      }),
    );
  }

  /** The finished graph; what no output needs is left out. */
  build(): Graph {
    const renamed = new Map<string, string>();
    const nodes = [...this.#nodes];
    for (const [output, value] of this.#outputs) {
      if (output === value) continue;
      const computed = !this.#inputs.has(value) && !this.#initializers.has(value);
      if (computed && !renamed.has(value) && !this.#outputs.has(value)) renamed.set(value, output);
      else nodes.push({ operator: "Identity", inputs: [value], outputs: [output], attributes: {} });
    }
    const rename = (name: string): string => renamed.get(name) ?? name;
    const types = new Map([...this.#types].map(([name, type]) => [rename(name), type]));
    for (const [output, value] of this.#outputs) types.set(output, this.value(value));
    return pruneGraph({
      name: this.name,
      inputs: new Map(this.#inputs),
      outputs: [...this.#outputs.keys()],
      initializers: new Map(this.#initializers),
      nodes: nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map(rename),
        outputs: node.outputs.map(rename),
      })),
      types: new Map([...types].map(([name, { type, shape }]) => [name, { type, shape }])),
    });
  }

  #append(
    operator: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, Attribute>>,
    outputs: readonly string[],
  ): Value[] {
    const names = inputs.map((value) => value?.name ?? "");
    while (names.at(-1) === "") names.pop();
    const node: GraphNode = { operator, inputs: names, outputs, attributes };
    const types = operatorNamed(operator).infer({
      node,
      inputs,
      constant: (index) => {
        const value = inputs[index];
        return value === undefined ? undefined : this.constantOf(value);
      },
    });
    this.#nodes.push(node);
    return outputs.map((name, index) => {
      const type = types[index];
      if (type === undefined)
        throw new RfmError("graph", `${operator} has no output number ${index}; check the graph.`);
      if (name !== "") this.#claim(name, type);
      return { name, type: type.type, shape: type.shape, owner: this };
    });
  }

  #claim(name: string, { type, shape }: TensorType): void {
    if (this.#types.has(name)) {
      throw new RfmError(
        "graph",
        `The graph ${this.name} already has a value ${name}; names must be unique.`,
      );
    }
    this.#types.set(name, { type, shape });
  }

  #fresh(prefix: string): string {
    let name: string;
    do name = `${prefix}_${this.#counter++}`;
    while (this.#types.has(name));
    return name;
  }
}

function toTensor(
  data: ConstantData,
  shape: readonly number[] | undefined,
  type: ElementType | undefined,
): Tensor {
  if (typeof data === "number")
    return { type: type ?? "float32", shape: shape ?? [], data: typed([data], type) };
  if (!ArrayBuffer.isView(data))
    return { type: type ?? "float32", shape: shape ?? [data.length], data: typed(data, type) };
  return { type: type ?? naturalType(data), shape: shape ?? [data.length], data };
}

function typed(data: readonly number[], type: ElementType = "float32"): Tensor["data"] {
  switch (type) {
    case "float32":
      return Float32Array.from(data);
    case "float64":
      return Float64Array.from(data);
    case "int64":
      return BigInt64Array.from(data.map(BigInt));
    case "int32":
      return Int32Array.from(data);
    case "uint8":
    case "bool":
      return Uint8Array.from(data);
    case "int8":
      return Int8Array.from(data);
    case "float16":
      throw new RfmError("graph", "A float16 constant is given by its bit patterns; encode it first.");
  }
}

function naturalType(data: Tensor["data"]): ElementType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Uint16Array) return "float16";
  if (data instanceof Int8Array) return "int8";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof BigInt64Array) return "int64";
  return "uint8";
}
