import { numberAttribute, numbersAttribute } from "../attributes";
import * as f from "../functions";
import type { GraphNode } from "../graph";
import { elementCount, normaliseAxis, sizeAt } from "../shapes";
import type { Value } from "../value";
import { constantNumbers, numbersOf, onlyGradient, required, type Backward, type Operator } from "./operator";

type Rule = (dy: Value, x: Value, y: Value, count: number) => Value;

function keptShape(shape: readonly number[], axes: readonly number[]): number[] {
  return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
}

function normalised(axes: readonly number[] | undefined, rank: number): number[] {
  const all = Array.from({ length: rank }, (_, axis) => axis);
  return axes === undefined || axes.length === 0 ? all : axes.map((axis) => normaliseAxis(axis, rank));
}

/** Axes as an attribute (ReduceMean, ReduceMax) or as a constant input (ReduceSum) in opset 13. */
function axesAttribute(node: GraphNode): readonly number[] | undefined {
  return node.attributes["axes"] === undefined ? undefined : numbersAttribute(node, "axes", []);
}

function reducing(rule: Rule): Operator {
  return {
    infer: (application) => {
      const { node, inputs } = application;
      const x = required(node, inputs, 0);
      const axes = normalised(constantNumbers(application, 1) ?? axesAttribute(node), x.shape.length);
      const keeps = numberAttribute(node, "keepdims", 1) === 1;
      const shape = keeps ? keptShape(x.shape, axes) : x.shape.filter((_, axis) => !axes.includes(axis));
      return [{ type: x.type, shape }];
    },
    gradient: (backward) => {
      const { node, inputs, outputs } = backward;
      const x = required(node, inputs, 0);
      const axes = normalised(
        inputs[1] === undefined ? axesAttribute(node) : numbersOf(node, inputs[1]),
        x.shape.length,
      );
      const kept = keptShape(x.shape, axes);
      const count = elementCount(axes.map((axis) => sizeAt(x.shape, axis)));
      const dy = f.reshape(onlyGradient(backward), kept);
      return [rule(dy, x, f.reshape(required(node, outputs, 0), kept), count)];
    },
  };
}

/** Largest elements that tie share the gradient, so that it stays a subgradient. */
function sharedByTies(dy: Value, x: Value, y: Value): Value {
  const ties = f.cast(f.equal(x, y), "float32");
  const axes = x.shape.map((_, axis) => axis).filter((axis) => y.shape[axis] !== x.shape[axis]);
  return f.mul(ties, f.div(dy, axes.length === 0 ? ties : f.reduceSum(ties, axes)));
}

function alongAxis(rule: (dy: Value, y: Value, sum: (value: Value) => Value) => Value): Operator {
  return {
    infer: ({ node, inputs }) => [required(node, inputs, 0)],
    gradient: (backward: Backward) => {
      const y = required(backward.node, backward.outputs, 0);
      const axis = normaliseAxis(numberAttribute(backward.node, "axis", -1), y.shape.length);
      return [rule(onlyGradient(backward), y, (value) => f.reduceSum(value, [axis]))];
    },
  };
}

export const reduction = {
  ReduceSum: reducing((dy, x) => f.expand(dy, x.shape)),
  ReduceMean: reducing((dy, x, _y, count) => f.expand(f.mul(dy, 1 / count), x.shape)),
  ReduceMax: reducing(sharedByTies),
  Softmax: alongAxis((dy, y, sum) => f.mul(y, f.sub(dy, sum(f.mul(dy, y))))),
  LogSoftmax: alongAxis((dy, y, sum) => f.sub(dy, f.mul(f.exp(y), sum(dy)))),
} satisfies Record<string, Operator>;
