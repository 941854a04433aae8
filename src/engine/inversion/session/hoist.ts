import { pruneGraph, type Graph, type GraphNode, type TensorType } from "../../onnx";

/** A graph in two: what depends on inputs that stay the same for many runs, and the rest. */
export interface HoistedGraph {
  /** The fixed inputs -> everything that `every` needs of them; missing where that is nothing. */
  readonly once: Graph | undefined;
  /** The other inputs, those fixed ones that are still needed, and the outputs of `once` -> the graph's outputs. */
  readonly every: Graph;
}

/**
 * Takes out of a graph what depends on some inputs alone, so that a loop computes it once: a loss's features of the
 * photo, for example.
 */
export function hoisted(graph: Graph, fixed: readonly string[]): HoistedGraph {
  const outputs = new Set(graph.outputs);
  const varying = new Set([...graph.inputs.keys()].filter((name) => !fixed.includes(name)));
  const constant = new Set(graph.initializers.keys());
  const [before, after]: [GraphNode[], GraphNode[]] = [[], []];
  for (const node of graph.nodes) {
    const inputs = node.inputs.filter((name) => name !== "");
    const isConstant = inputs.every((name) => constant.has(name));
    if (isConstant) for (const name of node.outputs) constant.add(name);
    // Sessions give float32 only, and an output of the whole graph belongs to every run.
    const staysIn =
      inputs.some((name) => varying.has(name)) ||
      node.outputs.some((name) => outputs.has(name) || graph.types.get(name)?.type !== "float32");
    if (staysIn && !isConstant) for (const name of node.outputs) varying.add(name);
    if (isConstant || !staysIn) before.push(node);
    if (isConstant || staysIn) after.push(node);
  }
  const made = new Set(before.flatMap((node) => node.outputs).filter((name) => !constant.has(name)));
  const needed = new Set(after.flatMap((node) => node.inputs).filter((name) => made.has(name)));
  if (needed.size === 0) return { once: undefined, every: graph };
  const passed = [...needed].map((name): [string, TensorType] => [name, typeOf(graph, name)]);
  const every = pruneGraph({ ...graph, inputs: new Map([...graph.inputs, ...passed]), nodes: after });
  const used = new Set(after.flatMap((node) => node.inputs));
  return {
    once: pruneGraph({
      ...graph,
      name: `${graph.name}, once`,
      inputs: new Map([...graph.inputs].filter(([name]) => fixed.includes(name))),
      outputs: [...needed],
      nodes: before,
    }),
    every: {
      ...every,
      inputs: new Map([...every.inputs].filter(([name]) => !fixed.includes(name) || used.has(name))),
    },
  };
}

function typeOf(graph: Graph, name: string): TensorType {
  return graph.types.get(name) ?? { type: "float32", shape: [] };
}
