import { evaluateConstant, type Graph, type Tensor } from "../onnx";

/** A network whose weights can be changed: all of them float32 constants of the graph, under their own names. */
export interface TunableGraph {
  readonly graph: Graph;
  /** The weights by name, in the graph's order. */
  readonly weights: ReadonlyMap<string, Tensor>;
}

/** What the graph's builder calls constants that are no weights. */
const UNNAMED = /(^|\/)constant_\d+$/;
/** How weights are stored smaller than float32; what follows reads the float32 numbers. */
const UNPACKING: ReadonlySet<string> = new Set(["Cast", "DequantizeLinear"]);

/**
 * Brings a network's weights, which packs keep as float16 or as bytes with a scale, to float32 under their names. The
 * numbers stay the same: unpacking is no step of the network.
 */
export function tunableGraph(graph: Graph): TunableGraph {
  const initializers = new Map(graph.initializers);
  const types = new Map(graph.types);
  const unpacked = new Map<string, string>();
  const nodes = graph.nodes.filter((node) => {
    const [name = ""] = node.inputs;
    const [target = ""] = node.outputs;
    const inputs = node.inputs.map((input) => initializers.get(input)).filter((tensor) => tensor !== undefined);
    const type = graph.types.get(target);
    const isStored =
      UNPACKING.has(node.operator) &&
      !UNNAMED.test(name) &&
      inputs.length === node.inputs.length &&
      type?.type === "float32" &&
      !graph.outputs.includes(target);
    const tensor = isStored ? evaluateConstant(node, inputs, type) : undefined;
    if (tensor === undefined) return true;
    initializers.set(name, tensor);
    types.set(name, { type: tensor.type, shape: tensor.shape });
    unpacked.set(target, name);
    return false;
  });
  const weights = new Map(
    [...initializers].filter(([name, { type }]) => type === "float32" && !UNNAMED.test(name)),
  );
  return {
    graph: {
      ...graph,
      initializers,
      types,
      nodes: nodes.map((node) => ({ ...node, inputs: node.inputs.map((name) => unpacked.get(name) ?? name) })),
    },
    weights,
  };
}
