import { RfmError } from "../../files";
import type { GraphNode, Tensor, TensorType } from "../graph";
import { formatShape } from "../shapes";
import type { Value } from "../value";

/** One application of an operator whose output types are to be inferred. */
export interface Application {
  readonly node: GraphNode;
  readonly inputs: readonly (TensorType | undefined)[];
  /** The tensor behind an input, where it is a constant. */
  constant(index: number): Tensor | undefined;
}

/** One application seen backwards, inside the graph that is being differentiated. */
export interface Backward {
  readonly node: GraphNode;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  /** d loss / d output, undefined where the loss does not depend on it. */
  readonly gradients: readonly (Value | undefined)[];
  /** Whether the derivative with respect to this input is wanted. */
  needs(index: number): boolean;
}

/**
 * What an operator is: the types it gives, and how a derivative passes through it.
 * `gradient` returns d loss / d input in the order of the inputs, undefined where there is none; an operator
 * without it blocks derivatives (comparisons, for example).
 */
export interface Operator {
  readonly infer: (application: Application) => readonly TensorType[];
  readonly gradient?: (backward: Backward) => readonly (Value | undefined)[];
}

/** An input that the operator cannot do without. */
export function required<T>(node: GraphNode, inputs: readonly (T | undefined)[], index: number): T {
  const value = inputs[index];
  if (value === undefined) {
    throw new RfmError("graph", `A ${node.operator} node lacks its input number ${index}; check the graph.`);
  }
  return value;
}

/** The numbers of a constant input. */
export function constantNumbers(application: Application, index: number): number[] | undefined {
  const input = application.inputs[index];
  if (input === undefined) return undefined;
  const tensor = application.constant(index);
  if (tensor === undefined) {
    throw new RfmError(
      "graph",
      `Input ${index} of a ${application.node.operator} node must be a constant, for shapes are static; fold the graph first.`,
    );
  }
  return Array.from(tensor.data, Number);
}

/** The numbers behind a value in a gradient rule. */
export function numbersOf(node: GraphNode, value: Value | undefined): number[] {
  const tensor = value === undefined ? undefined : value.owner.constantOf(value);
  if (tensor === undefined) {
    throw new RfmError(
      "graph",
      `A ${node.operator} node without constant parameters cannot be differentiated.`,
    );
  }
  return Array.from(tensor.data, Number);
}

/** Fails with the shapes that did not fit. */
export function misfit(
  node: GraphNode,
  reason: string,
  ...types: readonly (TensorType | undefined)[]
): RfmError {
  const shapes = types
    .map((type) => (type === undefined ? "nothing" : formatShape(type.shape)))
    .join(" and ");
  return new RfmError("graph", `A ${node.operator} node got ${shapes}: ${reason}; check the graph.`);
}

/** The gradient of a node's only output. */
export function onlyGradient({ node, gradients }: Backward): Value {
  return required(node, gradients, 0);
}
