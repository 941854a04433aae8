import type { Value } from "../value";
import { single } from "./elementwise";

function int64(x: Value, numbers: readonly number[]): Value {
  return x.owner.constant(BigInt64Array.from(numbers, BigInt), [numbers.length]);
}

/** The same elements in another shape; 0 copies the axis of x, one -1 is inferred. */
export function reshape(x: Value, shape: readonly number[]): Value {
  return single(x.owner.apply("Reshape", [x, int64(x, shape)]));
}

/** Axes in another order: output axis i is input axis permutation[i]. */
export function transpose(x: Value, permutation: readonly number[]): Value {
  return single(x.owner.apply("Transpose", [x], { perm: permutation }));
}

/** Values joined along an axis. */
export function concat(values: readonly [Value, ...Value[]], axis: number): Value {
  return single(values[0].owner.apply("Concat", values, { axis }));
}

/** x cut along an axis in pieces of these sizes. */
export function split(x: Value, axis: number, sizes: readonly number[]): Value[] {
  return x.owner.apply("Split", [x, int64(x, sizes)], { axis }, sizes.length);
}

/** Elements start, start+step, ... before end of an axis; negative steps walk backwards. */
export function slice(x: Value, axis: number, start: number, end: number, step = 1): Value {
  return single(
    x.owner.apply("Slice", [x, int64(x, [start]), int64(x, [end]), int64(x, [axis]), int64(x, [step])]),
  );
}

/** The axes reversed. */
export function flip(x: Value, axes: readonly number[]): Value {
  const every = (value: number): Value =>
    int64(
      x,
      axes.map(() => value),
    );
  return single(
    x.owner.apply("Slice", [x, every(-1), every(Number.MIN_SAFE_INTEGER), int64(x, axes), every(-1)]),
  );
}

/** Rows of an axis by index. */
export function gather(x: Value, indices: readonly number[], axis: number): Value {
  return single(x.owner.apply("Gather", [x, int64(x, indices)], { axis }));
}

/** x repeated to a larger shape by broadcasting. */
export function expand(x: Value, shape: readonly number[]): Value {
  return single(x.owner.apply("Expand", [x, int64(x, shape)]));
}

/** New axes of size 1 at these places of the result. */
export function unsqueeze(x: Value, axes: readonly number[]): Value {
  return single(x.owner.apply("Unsqueeze", [x, int64(x, axes)]));
}

/** Axes of size 1 removed. */
export function squeeze(x: Value, axes: readonly number[]): Value {
  return single(x.owner.apply("Squeeze", [x, int64(x, axes)]));
}

/** Two axes: those before `axis` and those from it on. */
export function flatten(x: Value, axis = 1): Value {
  return single(x.owner.apply("Flatten", [x], { axis }));
}

/** Elements added around x: first every axis's beginning, then every axis's end; negative counts crop. */
export function pad(
  x: Value,
  pads: readonly number[],
  mode: "constant" | "reflect" | "edge" = "constant",
  value = 0,
): Value {
  const fill = mode === "constant" && value !== 0 ? x.owner.constant(value, [], x.type) : undefined;
  return single(x.owner.apply("Pad", [x, int64(x, pads), fill], { mode }));
}

/** Channels to space in blocks: [n, c*b*b, h, w] -> [n, c, h*b, w*b]; CRD is PyTorch's pixel shuffle. */
export function depthToSpace(x: Value, block: number, mode: "DCR" | "CRD" = "DCR"): Value {
  return single(x.owner.apply("DepthToSpace", [x], { blocksize: block, mode }));
}
