import { reduceSum, reshape } from "../functions";
import { sameShape } from "../shapes";
import type { Value } from "../value";

/** The adjoint of broadcasting: sums a gradient over the axes along which its value was repeated. */
export function sumTo(gradient: Value, shape: readonly number[]): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const offset = gradient.shape.length - shape.length;
  const repeated = gradient.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < offset || (shape[axis - offset] === 1 && gradient.shape[axis] !== 1));
  const summed = repeated.length === 0 ? gradient : reduceSum(gradient, repeated);
  return sameShape(summed.shape, shape) ? summed : reshape(summed, shape);
}
