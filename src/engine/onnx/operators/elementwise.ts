import { RfmError } from "../../files";
import type { ElementType, TensorType } from "../graph";
import * as f from "../functions";
import { broadcastShapes } from "../shapes";
import type { Value } from "../value";
import { numberAttribute, stringAttribute } from "../attributes";
import { sumTo } from "./broadcast";
import { onlyGradient, required, type Backward, type Operator } from "./operator";

type Derivative = (dy: Value, x: Value, y: Value, backward: Backward) => Value;

/** An elementwise operator of one input. */
function unary(derivative?: Derivative): Operator {
  return {
    infer: ({ node, inputs }) => [required(node, inputs, 0)],
    ...(derivative && {
      gradient: (backward) => {
        const { node, inputs, outputs } = backward;
        return [
          derivative(onlyGradient(backward), required(node, inputs, 0), required(node, outputs, 0), backward),
        ];
      },
    }),
  };
}

type Partials = (dy: Value, a: Value, b: Value, y: Value) => readonly [() => Value, () => Value];

/** A broadcasting operator of two inputs; each partial is built only where it is wanted. */
function binary(result?: ElementType, partials?: Partials): Operator {
  return {
    infer: ({ node, inputs }) => {
      const a = required(node, inputs, 0);
      const b = required(node, inputs, 1);
      if (a.type !== b.type) {
        throw new RfmError(
          "graph",
          `A ${node.operator} node mixes ${a.type} and ${b.type}; cast one of them.`,
        );
      }
      return [{ type: result ?? a.type, shape: broadcastShapes(a.shape, b.shape) }];
    },
    ...(partials && {
      gradient: (backward) => {
        const { node, inputs, outputs } = backward;
        const a = required(node, inputs, 0);
        const b = required(node, inputs, 1);
        const rules = partials(onlyGradient(backward), a, b, required(node, outputs, 0));
        return [a, b].map((value, index) =>
          backward.needs(index) ? sumTo((rules[index] ?? rules[0])(), value.shape) : undefined,
        );
      },
    }),
  };
}

/** dy where the chosen operand equals the result; ties pass it to both, as in PyTorch's clamp. */
function chosen(dy: Value, a: Value, b: Value, y: Value): readonly [() => Value, () => Value] {
  return [() => f.where(f.equal(a, y), dy, 0), () => f.where(f.equal(b, y), dy, 0)];
}

/** Brings every normal float32 above 1 in size, so that a clip sees only its sign. */
const STEEP = 3e38;

/**
 * The slope of LeakyReLU: 1 where its output is positive, alpha elsewhere. The sign of the output tells the side
 * (alpha > 0), so the input need not be kept; and a clipped product takes half the time of a comparison and Where.
 */
function leakySlope(y: Value, alpha: number): Value {
  if (alpha >= 1 || alpha < 0) return f.where(f.greater(y, 0), y.owner.constant(1), alpha);
  return f.clip(f.mul(y, STEEP), alpha, 1);
}

const ELEMENT_TYPES: readonly string[] = [
  "float32",
  "float16",
  "float64",
  "uint8",
  "int8",
  "int32",
  "int64",
  "bool",
] satisfies ElementType[];

function isElementType(name: string): name is ElementType {
  return ELEMENT_TYPES.includes(name);
}

export const elementwise = {
  Add: binary(undefined, (dy) => [() => dy, () => dy]),
  Sub: binary(undefined, (dy) => [() => dy, () => f.neg(dy)]),
  Mul: binary(undefined, (dy, a, b) => [() => f.mul(dy, b), () => f.mul(dy, a)]),
  Div: binary(undefined, (dy, _a, b, y) => [() => f.div(dy, b), () => f.neg(f.div(f.mul(dy, y), b))]),
  Pow: binary(undefined, (dy, a, b, y) => [
    () => f.mul(dy, f.mul(b, f.pow(a, f.sub(b, 1)))),
    () => f.mul(dy, f.mul(y, f.log(a))),
  ]),
  Min: binary(undefined, chosen),
  Max: binary(undefined, chosen),
  Greater: binary("bool"),
  Less: binary("bool"),
  Equal: binary("bool"),

  Neg: unary((dy) => f.neg(dy)),
  Abs: unary((dy, x) => f.mul(dy, f.sign(x))),
  Sign: unary((dy) => f.mul(dy, 0)),
  Sqrt: unary((dy, _x, y) => f.div(f.mul(dy, 0.5), y)),
  Exp: unary((dy, _x, y) => f.mul(dy, y)),
  Log: unary((dy, x) => f.div(dy, x)),
  Tanh: unary((dy, _x, y) => f.mul(dy, f.sub(1, f.mul(y, y)))),
  Sigmoid: unary((dy, _x, y) => f.mul(dy, f.mul(y, f.sub(1, y)))),
  Relu: unary((dy, _x, y) => f.where(f.greater(y, 0), dy, 0)),
  Reciprocal: unary((dy, _x, y) => f.neg(f.mul(dy, f.mul(y, y)))),
  Identity: unary((dy) => dy),
  LeakyRelu: unary((dy, _x, y, { node }) => f.mul(dy, leakySlope(y, numberAttribute(node, "alpha", 0.01)))),

  Clip: {
    infer: ({ node, inputs }) => [required(node, inputs, 0)],
    gradient: (backward) => {
      const { node, inputs, outputs } = backward;
      const inside = f.equal(required(node, inputs, 0), required(node, outputs, 0));
      return [f.where(inside, onlyGradient(backward), 0)];
    },
  },
  Where: {
    infer: ({ node, inputs }) => {
      const [condition, a, b] = [0, 1, 2].map((index) => required(node, inputs, index)) as [
        TensorType,
        TensorType,
        TensorType,
      ];
      return [{ type: a.type, shape: broadcastShapes(condition.shape, a.shape, b.shape) }];
    },
    gradient: (backward) => {
      const { node, inputs } = backward;
      const condition = required(node, inputs, 0);
      const dy = onlyGradient(backward);
      return [
        undefined,
        sumTo(f.where(condition, dy, 0), required(node, inputs, 1).shape),
        sumTo(f.where(condition, 0, dy), required(node, inputs, 2).shape),
      ];
    },
  },
  Cast: {
    infer: ({ node, inputs }) => {
      const to = stringAttribute(node, "to", "float32");
      if (!isElementType(to))
        throw new RfmError("graph", `A Cast node wants the unknown type ${to}; check the graph.`);
      return [{ type: to, shape: required(node, inputs, 0).shape }];
    },
    gradient: (backward) => {
      const x = required(backward.node, backward.inputs, 0);
      const real = x.type === "float32" || x.type === "float16" || x.type === "float64";
      return [real ? f.cast(onlyGradient(backward), x.type) : undefined];
    },
  },
  DequantizeLinear: {
    infer: ({ node, inputs }) => [{ type: "float32", shape: required(node, inputs, 0).shape }],
  },
} satisfies Record<string, Operator>;
