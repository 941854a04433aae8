import { elementCount, GraphBuilder, type Graph, type Tensor, type Value } from "../../onnx";

/** Constants of up to so many numbers are parameters of operators, not weights. */
const SMALL = 64;

/**
 * Networks that a graph asks several times, each with one copy of its weights. Networks are told apart by their names:
 * two graphs of one name are the same network, perhaps for pictures of another size.
 */
export class SharedNetworks {
  readonly #weights = new Map<string, { readonly tensor: Tensor; readonly value: Value }>();

  constructor(readonly builder: GraphBuilder) {}

  /**
   * Splices a network in.
   *
   * @param bound values for some of its weights, instead of its own.
   */
  inline(
    graph: Graph,
    inputs: Readonly<Record<string, Value>>,
    bound: ReadonlyMap<string, Value> = new Map(),
  ): Record<string, Value> {
    const open = GraphBuilder.from(graph);
    const values: Record<string, Value> = { ...inputs };
    for (const [name, tensor] of graph.initializers) {
      const value = bound.get(name) ?? this.#weight(graph.name, name, tensor);
      if (value === undefined) continue;
      open.promote(name);
      values[name] = value;
    }
    return this.builder.inline(open.build(), values, graph.name);
  }

  #weight(network: string, name: string, tensor: Tensor): Value | undefined {
    if (elementCount(tensor.shape) <= SMALL) return undefined;
    const key = `${network}:${name}`;
    const known = this.#weights.get(key);
    // Some constants follow the picture's size: each size has its own.
    if (known !== undefined) return isSame(known.tensor, tensor) ? known.value : undefined;
    const value = this.builder.initializer(key, tensor);
    this.#weights.set(key, { tensor, value });
    return value;
  }
}

function isSame(a: Tensor, b: Tensor): boolean {
  if (a.type !== b.type || a.shape.join() !== b.shape.join()) return false;
  return a.data === b.data || bytesOf(a).equals(bytesOf(b));
}

function bytesOf({ data }: Tensor): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
