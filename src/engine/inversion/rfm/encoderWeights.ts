import type { EncoderGraph } from "../../models";
import { decodeFloat16, type Graph, type Tensor } from "../../onnx";

/** An encoder whose weights can be trained: all of them float32 constants of the graph. */
export interface TrainableEncoder {
  readonly graph: Graph;
  /** The weights that are trained, in the graph's order. */
  readonly weights: ReadonlyMap<string, Tensor>;
}

/** Brings weights that are stored as float16 to float32, under their names; a cast is no step of the network. */
export function trainableEncoder({ graph, weights }: EncoderGraph): TrainableEncoder {
  const initializers = new Map(graph.initializers);
  const types = new Map(graph.types);
  const renamed = new Map<string, string>();
  const nodes = graph.nodes.filter(({ operator, inputs, outputs }) => {
    const [name = ""] = inputs;
    const tensor = initializers.get(name);
    const target = outputs[0] ?? "";
    const isStored = operator === "Cast" && tensor?.type === "float16" && weights.includes(name);
    if (!isStored || graph.outputs.includes(target)) return true;
    const data = decodeFloat16(tensor.data as Uint16Array);
    initializers.set(name, { type: "float32", shape: tensor.shape, data });
    types.set(name, { type: "float32", shape: tensor.shape });
    renamed.set(target, name);
    return false;
  });
  const trained = weights.flatMap((name) => {
    const tensor = initializers.get(name);
    return tensor?.type === "float32" ? [[name, tensor] as const] : [];
  });
  return {
    graph: {
      ...graph,
      initializers,
      types,
      nodes: nodes.map((node) => ({ ...node, inputs: node.inputs.map((name) => renamed.get(name) ?? name) })),
    },
    weights: new Map(trained),
  };
}

/**
 * What the learning rate of an encoder's weight is multiplied with: the standard deviation that MTV-TSA's layers begin
 * with, gain / sqrt(inputs), where gain is sqrt(2) for kernels [out,in,h,w] and 1 for matrices; 1 for what is only added.
 *
 * @param name E's matrices end in "weight" and are [out,in]; the linear encoder's is [in,out].
 */
export function equalisationOf(name: string, { shape }: Tensor): number {
  const [first = 1, second = 1, height = 1, width = 1] = shape;
  if (shape.length === 4 && name.endsWith("weight")) return Math.SQRT2 / Math.sqrt(second * height * width);
  if (shape.length === 2) return 1 / Math.sqrt(name.endsWith("weight") ? second : first);
  return 1;
}
