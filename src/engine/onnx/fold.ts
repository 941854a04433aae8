import { evaluateConstant, foldingIsCheap } from "./evaluate";
import type { Graph, GraphNode, Tensor } from "./graph";
import { pruneGraph } from "./prune";

/**
 * Computes what depends on constants alone, once, here: small-typed weights become float32, transposed and
 * turned kernels become constants. Nothing grows beyond its largest input except by a cast.
 */
export function foldConstants(graph: Graph): Graph {
  const constants = new Map(graph.initializers);
  const outputs = new Set(graph.outputs);
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    const folded = node.outputs.some((name) => outputs.has(name)) ? undefined : fold(graph, node, constants);
    if (folded === undefined) nodes.push(node);
    else constants.set(node.outputs[0] ?? "", folded);
  }
  return pruneGraph({ ...graph, initializers: constants, nodes });
}

function fold(graph: Graph, node: GraphNode, constants: ReadonlyMap<string, Tensor>): Tensor | undefined {
  const inputs: Tensor[] = [];
  for (const name of node.inputs) {
    const tensor = constants.get(name);
    if (tensor === undefined) return undefined;
    inputs.push(tensor);
  }
  const type = graph.types.get(node.outputs[0] ?? "");
  if (type === undefined || node.outputs.length !== 1 || !foldingIsCheap(node, inputs, type))
    return undefined;
  return evaluateConstant(node, inputs, type);
}
