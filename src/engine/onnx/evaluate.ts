import { numberAttribute, numbersAttribute, stringAttribute } from "./attributes";
import { decodeFloat16, encodeFloat16 } from "./float16";
import type { ElementType, GraphNode, Tensor, TensorData, TensorType } from "./graph";
import { broadcastShapes, elementCount, normaliseAxis, sizeAt, stridesOf } from "./shapes";
import { slicedAxes } from "./operators/layout";

type Evaluator = (node: GraphNode, inputs: readonly Tensor[], result: TensorType) => TensorData;

/**
 * The constant folder's arithmetic: what builders and gradient rules do to weights (casts, transposes, flips,
 * scales). Float results are computed in float64 and rounded once.
 * @returns undefined where the operator is not one of these.
 */
export function evaluateConstant(
  node: GraphNode,
  inputs: readonly Tensor[],
  result: TensorType,
): Tensor | undefined {
  const evaluator = Object.hasOwn(EVALUATORS, node.operator) ? EVALUATORS[node.operator] : undefined;
  if (evaluator === undefined) return undefined;
  return { ...result, data: evaluator(node, inputs, result) };
}

function allocate(type: ElementType, length: number): TensorData {
  switch (type) {
    case "float32":
      return new Float32Array(length);
    case "float64":
      return new Float64Array(length);
    case "float16":
      return new Uint16Array(length);
    case "uint8":
    case "bool":
      return new Uint8Array(length);
    case "int8":
      return new Int8Array(length);
    case "int32":
      return new Int32Array(length);
    case "int64":
      return new BigInt64Array(length);
  }
}

/** Numbers of a tensor, float16 decoded. */
function numbers(tensor: Tensor): ArrayLike<number> {
  if (tensor.data instanceof BigInt64Array) return Array.from(tensor.data, Number);
  return tensor.type === "float16" ? decodeFloat16(tensor.data as Uint16Array) : tensor.data;
}

function encoded(values: ArrayLike<number>, type: ElementType): TensorData {
  if (type === "float16") return encodeFloat16(Float32Array.from(values));
  if (type === "int64") return BigInt64Array.from(Array.from(values, (value) => BigInt(Math.trunc(value))));
  const data = allocate(type, values.length);
  if (!(data instanceof BigInt64Array)) data.set(values);
  return data;
}

/** Copies elements whatever their type, output element i from source index at[i]. */
function rearranged(source: Tensor, result: TensorType, at: Int32Array): TensorData {
  const data = allocate(result.type, elementCount(result.shape));
  if (data instanceof BigInt64Array) {
    const from = source.data as BigInt64Array;
    for (let i = 0; i < data.length; i++) data[i] = from[at[i] ?? 0] ?? 0n;
    return data;
  }
  const from = source.data as Exclude<TensorData, BigInt64Array>;
  for (let i = 0; i < data.length; i++) data[i] = from[at[i] ?? 0] ?? 0;
  return data;
}

/**
 * Source indices of all elements of `shape` in order, with one step and one start per axis of the source. Walked
 * like an odometer: this runs over every weight of a network.
 */
function strided(shape: readonly number[], steps: readonly number[], start = 0): Int32Array {
  const indices = new Int32Array(elementCount(shape));
  const inner = shape.at(-1) ?? 1;
  const innerStep = steps.at(-1) ?? 0;
  const digits = new Array<number>(Math.max(0, shape.length - 1)).fill(0);
  let row = start;
  for (let i = 0; i < indices.length;) {
    for (let j = 0, at = row; j < inner; j++, at += innerStep) indices[i++] = at;
    for (let axis = digits.length - 1; axis >= 0; axis--) {
      const digit = (digits[axis] ?? 0) + 1;
      const step = steps[axis] ?? 0;
      if (digit < (shape[axis] ?? 1)) {
        digits[axis] = digit;
        row += step;
        break;
      }
      digits[axis] = 0;
      row -= step * (digit - 1);
    }
  }
  return indices;
}

/** Source steps for broadcasting `from` to `shape`. */
function broadcastSteps(from: readonly number[], shape: readonly number[]): number[] {
  const strides = stridesOf(from);
  const offset = shape.length - from.length;
  return shape.map((_, axis) =>
    axis < offset || from[axis - offset] === 1 ? 0 : (strides[axis - offset] ?? 0),
  );
}

/** Applies a rule to every number; a plain loop, for this runs over every weight of a network. */
function mapped(source: Tensor | undefined, type: ElementType, rule: (x: number) => number): TensorData {
  const from = source === undefined ? [] : numbers(source);
  const values = new Float64Array(from.length);
  for (let i = 0; i < values.length; i++) values[i] = rule(from[i] ?? 0);
  return encoded(values, type);
}

function map(rule: (x: number) => number): Evaluator {
  return (_node, [x], result) => mapped(x, result.type, rule);
}

function combine(rule: (a: number, b: number) => number): Evaluator {
  return (_node, [a, b], result) => {
    if (a === undefined || b === undefined) return allocate(result.type, 0);
    const [left, right] = [numbers(a), numbers(b)];
    const shape = broadcastShapes(a.shape, b.shape);
    const [atLeft, atRight] = [
      strided(shape, broadcastSteps(a.shape, shape)),
      strided(shape, broadcastSteps(b.shape, shape)),
    ];
    const values = new Float64Array(elementCount(shape));
    for (let i = 0; i < values.length; i++)
      values[i] = rule(left[atLeft[i] ?? 0] ?? 0, right[atRight[i] ?? 0] ?? 0);
    return encoded(values, result.type);
  };
}

const same: Evaluator = (_node, [x], result) => x?.data ?? allocate(result.type, 0);

const reduceSum: Evaluator = (node, [x, list], result) => {
  if (x === undefined) return allocate(result.type, 0);
  const rank = x.shape.length;
  const given = list === undefined ? numbersAttribute(node, "axes", []) : Array.from(list.data, Number);
  const axes =
    given.length === 0 ? x.shape.map((_, axis) => axis) : given.map((axis) => normaliseAxis(axis, rank));
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const at = strided(x.shape, broadcastSteps(kept, x.shape));
  const sums = new Float64Array(elementCount(kept));
  const source = numbers(x);
  for (let i = 0; i < source.length; i++) {
    const target = at[i] ?? 0;
    sums[target] = (sums[target] ?? 0) + (source[i] ?? 0);
  }
  if (node.operator === "ReduceMean") {
    const count = source.length / sums.length;
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) / count;
  }
  return encoded(sums, result.type);
};

const EVALUATORS: Readonly<Record<string, Evaluator>> = {
  Identity: same,
  Reshape: same,
  Squeeze: same,
  Unsqueeze: same,
  Flatten: same,
  Cast: (_node, [x], result) => {
    if (x === undefined) return allocate(result.type, 0);
    if (result.type === "bool") return mapped(x, "bool", (value) => (value === 0 ? 0 : 1));
    return x.type === result.type ? x.data : encoded(numbers(x), result.type);
  },
  DequantizeLinear: (_node, [x, scale, zero], result) => {
    const step = scale === undefined ? 1 : Number(scale.data[0]);
    const origin = zero === undefined ? 0 : Number(zero.data[0]);
    return mapped(x, result.type, (value) => (value - origin) * step);
  },
  Transpose: (node, [x], result) => {
    if (x === undefined) return allocate(result.type, 0);
    const strides = stridesOf(x.shape);
    const order = numbersAttribute(
      node,
      "perm",
      x.shape.map((_, axis) => x.shape.length - 1 - axis),
    );
    return rearranged(
      x,
      result,
      strided(
        result.shape,
        order.map((axis) => sizeAt(strides, axis)),
      ),
    );
  },
  Slice: (_node, [x, ...parameters], result) => {
    if (x === undefined) return allocate(result.type, 0);
    const lists = parameters.map((tensor) => Array.from(tensor.data, Number));
    const steps = stridesOf(x.shape);
    let start = 0;
    for (const cut of slicedAxes(x.shape, lists[0] ?? [], lists[1] ?? [], lists[2], lists[3])) {
      start += cut.start * (steps[cut.axis] ?? 1);
      steps[cut.axis] = (steps[cut.axis] ?? 1) * cut.step;
    }
    return rearranged(x, result, strided(result.shape, steps, start));
  },
  Expand: (_node, [x], result) =>
    x === undefined
      ? allocate(result.type, 0)
      : rearranged(x, result, strided(result.shape, broadcastSteps(x.shape, result.shape))),
  Concat: (node, inputs, result) => {
    const axis = normaliseAxis(numberAttribute(node, "axis", 0), result.shape.length);
    const strides = stridesOf(result.shape);
    const values = new Float64Array(elementCount(result.shape));
    let offset = 0;
    for (const input of inputs) {
      const at = strided(input.shape, strides, offset * (strides[axis] ?? 1));
      const source = numbers(input);
      for (let i = 0; i < source.length; i++) values[at[i] ?? 0] = source[i] ?? 0;
      offset += sizeAt(input.shape, axis);
    }
    return encoded(values, result.type);
  },
  Gather: (node, [x, list], result) => {
    if (x === undefined || list === undefined) return allocate(result.type, 0);
    const axis = normaliseAxis(numberAttribute(node, "axis", 0), x.shape.length);
    const size = sizeAt(x.shape, axis);
    const inner = elementCount(x.shape.slice(axis + 1));
    const indices = Array.from(numbers(list), (index) => (index < 0 ? index + size : index));
    const at = Int32Array.from({ length: elementCount(result.shape) }, (_, i) => {
      const outer = Math.floor(i / (inner * indices.length));
      const row = indices[Math.floor(i / inner) % indices.length] ?? 0;
      return (outer * size + row) * inner + (i % inner);
    });
    return rearranged(x, result, at);
  },
  Neg: map((x) => -x),
  Abs: map(Math.abs),
  Sqrt: map(Math.sqrt),
  Exp: map(Math.exp),
  Reciprocal: map((x) => 1 / x),
  Add: combine((a, b) => a + b),
  Sub: combine((a, b) => a - b),
  Mul: combine((a, b) => a * b),
  Div: combine((a, b) => a / b),
  Pow: combine((a, b) => a ** b),
  ReduceSum: reduceSum,
  ReduceMean: reduceSum,
};

/** Operators whose result replaces its input at no greater cost, so that folding them never bloats a model. */
export function foldingIsCheap(node: GraphNode, inputs: readonly Tensor[], result: TensorType): boolean {
  if (node.operator === "Cast" || node.operator === "DequantizeLinear") return true;
  const largest = Math.max(4096, ...inputs.map((tensor) => tensor.data.length));
  return elementCount(result.shape) <= largest && stringAttribute(node, "mode", "") === "";
}
