import type { Graph } from "./graph";

/** The graph without nodes and constants that no output needs. Inputs stay: they are the caller's contract. */
export function pruneGraph(graph: Graph): Graph {
  const needed = new Set(graph.outputs);
  const kept = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    for (const name of node.inputs) needed.add(name);
    kept.push(node);
  }
  const alive = new Set([...needed, ...graph.inputs.keys(), ...kept.flatMap((node) => node.outputs)]);
  return {
    ...graph,
    nodes: kept.reverse(),
    initializers: new Map([...graph.initializers].filter(([name]) => needed.has(name))),
    types: new Map([...graph.types].filter(([name]) => alive.has(name))),
  };
}
