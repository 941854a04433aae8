import { RfmError } from "../files";
import type { GraphNode } from "./graph";

function unfit(node: GraphNode, name: string): RfmError {
  return new RfmError(
    "graph",
    `The attribute ${name} of a ${node.operator} node has the wrong kind; check the graph.`,
  );
}

/** An integer or float attribute, or its default. */
export function numberAttribute(node: GraphNode, name: string, otherwise: number): number {
  const value = node.attributes[name];
  if (value === undefined) return otherwise;
  if (typeof value !== "number") throw unfit(node, name);
  return value;
}

/** A string attribute, or its default. */
export function stringAttribute(node: GraphNode, name: string, otherwise: string): string {
  const value = node.attributes[name];
  if (value === undefined) return otherwise;
  if (typeof value !== "string") throw unfit(node, name);
  return value;
}

/** A list of numbers, or its default. */
export function numbersAttribute(
  node: GraphNode,
  name: string,
  otherwise: readonly number[],
): readonly number[] {
  const value = node.attributes[name];
  if (value === undefined) return otherwise;
  if (!Array.isArray(value)) throw unfit(node, name);
  return value.map((entry) => {
    if (typeof entry !== "number") throw unfit(node, name);
    return entry;
  });
}
