import { reduceMean, reduceSum, type Value } from "../../onnx";

/** The mean of all numbers, as a scalar. */
export function mean(x: Value): Value {
  return reduceMean(x, axesOf(x), false);
}

/** The sum of all numbers, as a scalar. */
export function total(x: Value): Value {
  return reduceSum(x, axesOf(x), false);
}

function axesOf(x: Value): number[] {
  return x.shape.map((_, axis) => axis);
}
