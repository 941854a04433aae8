import type { Graph } from "./graph";
import { readModel, writeModel } from "./modelProto";

/** A graph whose inputs have a first axis of 1, for so many at once. */
export function atBatch(graph: Graph, batch: number): Graph {
  return batch === 1 ? graph : readModel(writeModel(graph, { batch: "N" }), { N: batch });
}
