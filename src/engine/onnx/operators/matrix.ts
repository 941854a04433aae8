import { numberAttribute } from "../attributes";
import * as f from "../functions";
import type { GraphNode, TensorType } from "../graph";
import { broadcastShapes, sizeAt } from "../shapes";
import type { Value } from "../value";
import { sumTo } from "./broadcast";
import { misfit, onlyGradient, required, type Operator } from "./operator";

function lastTwo(node: GraphNode, value: TensorType, other: TensorType): [number, number] {
  if (value.shape.length < 2) throw misfit(node, "both must have at least two axes", value, other);
  return [sizeAt(value.shape, value.shape.length - 2), sizeAt(value.shape, value.shape.length - 1)];
}

function matrixTransposed(x: Value): Value {
  const rank = x.shape.length;
  return f.transpose(
    x,
    x.shape.map((_, axis) => (axis === rank - 1 ? rank - 2 : axis === rank - 2 ? rank - 1 : axis)),
  );
}

export const matrix = {
  MatMul: {
    infer: ({ node, inputs }) => {
      const a = required(node, inputs, 0);
      const b = required(node, inputs, 1);
      const [rows, inner] = lastTwo(node, a, b);
      const [innerB, columns] = lastTwo(node, b, a);
      if (inner !== innerB) throw misfit(node, "the inner sizes must agree", a, b);
      const leading = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
      return [{ type: a.type, shape: [...leading, rows, columns] }];
    },
    gradient: (backward) => {
      const { node, inputs } = backward;
      const a = required(node, inputs, 0);
      const b = required(node, inputs, 1);
      const dy = onlyGradient(backward);
      return [
        backward.needs(0) ? sumTo(f.matmul(dy, matrixTransposed(b)), a.shape) : undefined,
        backward.needs(1) ? sumTo(f.matmul(matrixTransposed(a), dy), b.shape) : undefined,
      ];
    },
  },
  Gemm: {
    infer: ({ node, inputs }) => {
      const a = required(node, inputs, 0);
      const b = required(node, inputs, 1);
      const [rows, inner] = order(lastTwo(node, a, b), numberAttribute(node, "transA", 0));
      const [innerB, columns] = order(lastTwo(node, b, a), numberAttribute(node, "transB", 0));
      if (inner !== innerB) throw misfit(node, "the inner sizes must agree", a, b);
      return [{ type: a.type, shape: [rows, columns] }];
    },
    gradient: (backward) => {
      const { node, inputs } = backward;
      const a = required(node, inputs, 0);
      const b = required(node, inputs, 1);
      const dy = onlyGradient(backward);
      const alpha = numberAttribute(node, "alpha", 1);
      const transA = numberAttribute(node, "transA", 0) === 1;
      const transB = numberAttribute(node, "transB", 0) === 1;
      const c = inputs[2];
      // A' B' with A' = A or A^T: each derivative is again one product, its operands swapped where A was.
      return [
        !backward.needs(0)
          ? undefined
          : transA
            ? f.gemm(b, dy, { alpha, transA: transB, transB: true })
            : f.gemm(dy, b, { alpha, transB: !transB }),
        !backward.needs(1)
          ? undefined
          : transB
            ? f.gemm(dy, a, { alpha, transA: true, transB: transA })
            : f.gemm(a, dy, { alpha, transA: !transA }),
        c === undefined || !backward.needs(2)
          ? undefined
          : sumTo(f.mul(dy, numberAttribute(node, "beta", 1)), c.shape),
      ];
    },
  },
} satisfies Record<string, Operator>;

function order(pair: [number, number], transposed: number): [number, number] {
  return transposed === 1 ? [pair[1], pair[0]] : pair;
}
