import type { Value } from "../value";
import { single } from "./elementwise";

function keep(keepdims: boolean): number {
  return keepdims ? 1 : 0;
}

function allAxes(x: Value): number[] {
  return x.shape.map((_, axis) => axis);
}

/** Mean over axes (all by default). */
export function reduceMean(x: Value, axes: readonly number[] = allAxes(x), keepdims = true): Value {
  return single(x.owner.apply("ReduceMean", [x], { axes, keepdims: keep(keepdims) }));
}

/** Largest over axes (all by default). */
export function reduceMax(x: Value, axes: readonly number[] = allAxes(x), keepdims = true): Value {
  return single(x.owner.apply("ReduceMax", [x], { axes, keepdims: keep(keepdims) }));
}

/** Sum over axes (all by default). */
export function reduceSum(x: Value, axes: readonly number[] = allAxes(x), keepdims = true): Value {
  const list = x.owner.constant(BigInt64Array.from(axes, BigInt), [axes.length]);
  return single(x.owner.apply("ReduceSum", [x, list], { keepdims: keep(keepdims) }));
}

/** exp(x) / sum(exp(x)) along an axis. */
export function softmax(x: Value, axis: number): Value {
  return single(x.owner.apply("Softmax", [x], { axis }));
}

/** log(softmax(x)) along an axis, without overflow. */
export function logSoftmax(x: Value, axis: number): Value {
  return single(x.owner.apply("LogSoftmax", [x], { axis }));
}
