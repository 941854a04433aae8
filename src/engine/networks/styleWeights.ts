import { RfmError } from "../files";
import { foldConstants, pruneGraph, type Graph, type GraphNode, type Tensor } from "../onnx";

/** The affine map that makes the style of one layer out of its row of w+, without its bias. */
export interface StyleWeight {
  /** The row of w+ that it reads. */
  readonly row: number;
  /** [channels, dimension]: one row for each number of the style. */
  readonly weight: Float32Array;
  readonly channels: number;
  readonly dimension: number;
}

/** Operators that give the same numbers another shape. */
const RESHAPING = new Set(["Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten"]);
/** Activations: what no longer passes one of them is part of the picture. */
const ACTIVATIONS = new Set(["LeakyRelu", "Relu", "PRelu"]);

/**
 * The style weights of a synthesis graph w [n,L,D] -> x, found by following each row of w to the matrix products that it
 * enters. Where a row feeds several layers (a convolution, and the layer that turns features into a picture, as in
 * StyleGAN2), those whose result still passes an activation count alone: so every convolution's style comes out, and of
 * the picture layers only the last one's, which has a row of its own. That is SeFa's choice of weights (Shen and Zhou
 * 2021, and their published code).
 *
 * @returns in the order of the rows of w+
 * @throws RfmError("model") where no layer takes its style from w.
 */
export function styleWeights(graph: Graph, input = "w", output = "x"): StyleWeight[] {
  const rows = rowsOfInput(graph, input);
  const products = graph.nodes.filter(
    ({ operator, inputs: [left = ""] }) => (operator === "Gemm" || operator === "MatMul") && rows.has(left),
  );
  const constants = constantsOf(graph, products);
  const isActivated = activatedValues(graph, output);
  const found = products.flatMap((node) => {
    const [left = "", right = ""] = node.inputs;
    const [row, matrix] = [rows.get(left), constants.get(right)];
    if (row === undefined || matrix?.shape.length !== 2) return [];
    return [{ activated: isActivated.has(node.outputs[0] ?? ""), ...styleWeight(row, matrix, node) }];
  });
  const chosen = found.filter(
    ({ row, activated }) => activated || !found.some((other) => other.row === row && other.activated),
  );
  if (chosen.length === 0) {
    throw new RfmError("model", "No layer of this generator takes its style from w; use a StyleGAN.");
  }
  return chosen
    .map(({ row, weight, channels, dimension }) => ({ row, weight, channels, dimension }))
    .sort((a, b) => a.row - b.row);
}

/** Which row of w+ [n,L,D] each value is, for those that are one. */
function rowsOfInput(graph: Graph, input: string): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (const node of graph.nodes) {
    const [source = ""] = node.inputs;
    const known = rows.get(source);
    if (source === input)
      cutRows(graph, node).forEach((row, index) => rows.set(node.outputs[index] ?? "", row));
    else if (known !== undefined && RESHAPING.has(node.operator)) rows.set(node.outputs[0] ?? "", known);
  }
  return rows;
}

/** The row that each output of a node is, where the node cuts w+ into rows. */
function cutRows(graph: Graph, node: GraphNode): number[] {
  const numbers = (at: number): number[] =>
    Array.from(graph.initializers.get(node.inputs[at] ?? "")?.data ?? [], Number);
  const [axis, layers = 0] = [node.attributes["axis"] ?? 0, graph.types.get(node.inputs[0] ?? "")?.shape[1]];
  const fromEnd = (row: number): number => (row < 0 ? row + layers : row);
  switch (node.operator) {
    case "Split":
      return axis === 1 && node.outputs.length === layers ? node.outputs.map((_, row) => row) : [];
    case "Gather": {
      const indices = numbers(1);
      return axis === 1 && indices.length === 1 ? indices.map(fromEnd) : [];
    }
    case "Slice": {
      const [starts, ends, axes] = [numbers(1), numbers(2), numbers(3)];
      const isRow =
        starts.length === 1 &&
        axes[0] === 1 &&
        Math.min(fromEnd(ends[0] ?? 0), layers) === fromEnd(starts[0] ?? 0) + 1;
      return isRow ? starts.map(fromEnd) : [];
    }
    default:
      return [];
  }
}

/** The right factors of matrix products as plain float32, converted and scaled as the graph does it. */
function constantsOf(graph: Graph, products: readonly GraphNode[]): ReadonlyMap<string, Tensor> {
  const outputs = products.map((node) => node.outputs[0] ?? "");
  return foldConstants(pruneGraph({ ...graph, outputs })).initializers;
}

/** The values that still pass an activation on some way to the output. */
function activatedValues(graph: Graph, output: string): ReadonlySet<string> {
  const [reaching, activated] = [new Set([output]), new Set<string>()];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((name) => reaching.has(name))) continue;
    const passes = ACTIVATIONS.has(node.operator) || node.outputs.some((name) => activated.has(name));
    for (const name of node.inputs) {
      reaching.add(name);
      if (passes) activated.add(name);
    }
  }
  return activated;
}

function styleWeight(row: number, { shape, data }: Tensor, node: GraphNode): StyleWeight {
  const isChannelsFirst = node.operator === "Gemm" && node.attributes["transB"] === 1;
  const [channels = 0, dimension = 0] = isChannelsFirst ? shape : [...shape].reverse();
  const [perChannel, perNumber] = isChannelsFirst ? [dimension, 1] : [1, channels];
  const weight = new Float32Array(channels * dimension);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < dimension; i++) {
      weight[channel * dimension + i] = Number(data[channel * perChannel + i * perNumber]);
    }
  }
  return { row, weight, channels, dimension };
}
