import { RfmError } from "../files";
import { GraphBuilder } from "./builder";
import { foldConstants } from "./fold";
import { add, reshape } from "./functions";
import type { Graph, GraphNode } from "./graph";
import { operatorNamed } from "./operators";
import { elementCount, formatShape } from "./shapes";
import type { Value } from "./value";

/** The output of {@link gradient} that holds d loss / d name. */
export function gradientName(loss: string, name: string): string {
  return `d(${loss})/d(${name})`;
}

/**
 * Reverse-mode differentiation: the graph with one more output per name, d loss / d name, in its shape.
 *
 * @param loss an output of one float32 element.
 * @param withRespectTo inputs, or constants, which become inputs so that they can change.
 * @throws RfmError("graph") where a name is unknown, the loss is no scalar or an operator on the way has no
 * derivative.
 */
export function gradient(graph: Graph, loss: string, withRespectTo: readonly string[]): Graph {
  const builder = GraphBuilder.from(graph);
  const target = builder.value(loss);
  if (elementCount(target.shape) !== 1 || target.type !== "float32") {
    throw new RfmError(
      "graph",
      `The loss ${loss} is ${target.type}${formatShape(target.shape)}; only one float32 number can be differentiated.`,
    );
  }
  const sources = withRespectTo.map((name) => builder.promote(name));
  const dependent = dependents(graph, withRespectTo);
  const seed = builder.initializer(`seed of ${gradientName(loss, withRespectTo.join())}`, {
    type: "float32",
    shape: target.shape,
    data: Float32Array.of(1),
  });
  const sums = new Map<string, Value>([[loss, seed]]);
  const accumulate = (name: string, value: Value): void => {
    const sum = sums.get(name);
    sums.set(name, sum === undefined ? value : add(sum, value));
  };
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((name) => sums.has(name)) || !node.inputs.some((name) => dependent.has(name)))
      continue;
    backpropagate(builder, node, sums, dependent, accumulate);
  }
  for (const source of sources) {
    const value = sums.get(source.name);
    const zeros = (): Value => builder.constant(new Float32Array(elementCount(source.shape)), source.shape);
    builder.output(
      gradientName(loss, source.name),
      value === undefined ? zeros() : reshape(value, source.shape),
    );
  }
  return foldConstants(backwardLast(builder.build(), seed.name));
}

function backpropagate(
  builder: GraphBuilder,
  node: GraphNode,
  sums: ReadonlyMap<string, Value>,
  dependent: ReadonlySet<string>,
  accumulate: (name: string, value: Value) => void,
): void {
  const { gradient: rule } = operatorNamed(node.operator);
  if (rule === undefined) {
    // Comparisons are flat almost everywhere and pass nothing on; numbers would be lost silently.
    if (node.outputs.every((name) => builder.value(name).type === "bool")) return;
    throw new RfmError(
      "graph",
      `The ONNX operator ${node.operator} has no derivative here; keep it off the loss's path.`,
    );
  }
  const contributions = rule({
    node,
    inputs: node.inputs.map((name) => (name === "" ? undefined : builder.value(name))),
    outputs: node.outputs.filter((name) => name !== "").map((name) => builder.value(name)),
    gradients: node.outputs.map((name) => sums.get(name)),
    needs: (index) => dependent.has(node.inputs[index] ?? ""),
  });
  node.inputs.forEach((name, index) => {
    const contribution = contributions[index];
    if (contribution !== undefined && dependent.has(name)) accumulate(name, contribution);
  });
}

/**
 * What a derivative flows through comes after everything else. ONNX Runtime computes a node's inputs from the last
 * in this order to the first: so slopes and the like, which could be computed with the forward pass and would be kept from
 * there, are computed when the derivative arrives.
 */
function backwardLast(graph: Graph, seed: string): Graph {
  const flowing = dependents(graph, [seed]);
  const isFlowing = (node: GraphNode): boolean => node.outputs.some((name) => flowing.has(name));
  const before = graph.nodes.filter((node) => !isFlowing(node));
  return { ...graph, nodes: [...before, ...graph.nodes.filter(isFlowing)] };
}

/** Every value that depends on one of the sources, the sources included. */
function dependents(graph: Graph, sources: readonly string[]): ReadonlySet<string> {
  const found = new Set(sources);
  for (const node of graph.nodes) {
    if (!node.inputs.some((name) => found.has(name))) continue;
    for (const name of node.outputs) found.add(name);
  }
  found.delete("");
  return found;
}
