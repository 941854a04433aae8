import { decodeFloat16, elementCount, stridesOf, type Tensor } from "../onnx";

/** Published layouts differ in the order of axes, in scales and in which way kernels lie: all of it on plain arrays. */

/** The numbers of a weight as float32. */
export function numbersOf({ data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  return data instanceof Uint16Array ? decodeFloat16(data) : Float32Array.from(data, Number);
}

/** factor * x + shift, rounded once. */
export function affine(tensor: Tensor, factor: number, shift = 0): Tensor {
  if (factor === 1 && shift === 0) return tensor;
  return made(
    tensor.shape,
    numbersOf(tensor).map((value) => factor * value + shift),
  );
}

/** The same numbers in another shape of as many elements. */
export function reshaped(tensor: Tensor, shape: readonly number[]): Tensor {
  return { ...tensor, shape };
}

/** Axes in another order: axis i of the result is axis order[i] of the tensor. */
export function reordered(tensor: Tensor, order: readonly number[]): Tensor {
  const shape = order.map((axis) => tensor.shape[axis] ?? 1);
  const strides = stridesOf(tensor.shape);
  const steps = order.map((axis) => strides[axis] ?? 0);
  return made(shape, gathered(tensor, shape, steps, 0));
}

/** A kernel [..., h, w] turned by half a turn. */
export function turned(tensor: Tensor): Tensor {
  const { shape } = tensor;
  const strides = stridesOf(shape);
  const last = shape.length - 2;
  const steps = strides.map((stride, axis) => (axis < last ? stride : -stride));
  const start = shape.slice(last).reduce((sum, size, i) => sum + (size - 1) * (strides[last + i] ?? 0), 0);
  return made(shape, gathered(tensor, shape, steps, start));
}

function made(shape: readonly number[], data: Float32Array): Tensor {
  return { type: "float32", shape, data };
}

/** Elements in the order of `shape`, each axis walked with its own step through the source. */
function gathered(
  tensor: Tensor,
  shape: readonly number[],
  steps: readonly number[],
  start: number,
): Float32Array {
  const source = numbersOf(tensor);
  const result = new Float32Array(elementCount(shape));
  const digits = new Array<number>(shape.length).fill(0);
  let at = start;
  for (let i = 0; i < result.length; i++) {
    result[i] = source[at] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [step, size] = [steps[axis] ?? 0, shape[axis] ?? 1];
      const digit = (digits[axis] ?? 0) + 1;
      at += step;
      if (digit < size) {
        digits[axis] = digit;
        break;
      }
      at -= step * size;
      digits[axis] = 0;
    }
  }
  return result;
}
