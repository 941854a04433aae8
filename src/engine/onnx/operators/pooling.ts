import { numberAttribute, numbersAttribute } from "../attributes";
import * as f from "../functions";
import type { GraphNode, TensorType } from "../graph";
import { elementCount, sameShape, sizeAt } from "../shapes";
import type { Value } from "../value";
import { misfit, onlyGradient, required, type Backward, type Operator } from "./operator";
import { exactTranspose, windowedSize, windowOf, type Window } from "./window";

function plane(value: TensorType): [number, number] {
  return [sizeAt(value.shape, 2), sizeAt(value.shape, 3)];
}

function poolWindow(node: GraphNode, x: TensorType): Window {
  if (x.shape.length !== 4) throw misfit(node, "a pool needs four axes", x);
  const [height = 1, width = 1] = numbersAttribute(node, "kernel_shape", [1, 1]);
  return windowOf(node, [height, width], plane(x));
}

function inferPool(node: GraphNode, x: TensorType): TensorType {
  return { type: x.type, shape: [...x.shape.slice(0, 2), ...windowedSize(poolWindow(node, x), plane(x))] };
}

/** Windows that tile the input exactly, each pixel in one of them. */
function tiles(window: Window, x: Value, y: Value): boolean {
  const exact = [0, 1].every(
    (axis) => sizeAt(y.shape, axis + 2) * window.kernel[axis as 0 | 1] === sizeAt(x.shape, axis + 2),
  );
  return sameShape(window.kernel, window.strides) && window.pads.every((pad) => pad === 0) && exact;
}

/** How many pixels of the picture (not of its padding) each window covers. */
function coverage(window: Window, x: Value, y: Value, includePad: boolean): Float32Array {
  const [rows, columns] = ([0, 1] as const).map((axis) => {
    const size = sizeAt(x.shape, axis + 2);
    const pad = includePad ? window.pads[(axis + 2) as 2 | 3] : 0;
    const first = includePad ? -window.pads[axis] : 0;
    return Array.from({ length: sizeAt(y.shape, axis + 2) }, (_, index) => {
      const start = index * window.strides[axis] - window.pads[axis];
      return Math.min(start + window.kernel[axis], size + pad) - Math.max(start, first);
    });
  });
  return Float32Array.from((rows ?? []).flatMap((row) => (columns ?? []).map((column) => row * column)));
}

/** A pool with what its gradient is made of. */
interface PoolBackward {
  readonly node: GraphNode;
  readonly x: Value;
  readonly y: Value;
  readonly dy: Value;
  readonly window: Window;
  /** Side of the window where windows are squares that tile x: its gradient is then an enlargement. */
  readonly tile: number | undefined;
}

function poolBackward(backward: Backward): PoolBackward {
  const { node, inputs, outputs } = backward;
  const [x, y] = [required(node, inputs, 0), required(node, outputs, 0)];
  const window = poolWindow(node, x);
  const [height, width] = window.kernel;
  const tile = tiles(window, x, y) && height === width ? height : undefined;
  return { node, x, y, dy: onlyGradient(backward), window, tile };
}

function averageGradient({ node, x, y, dy, window, tile }: PoolBackward): Value {
  if (tile !== undefined) return f.mul(f.resizeNearest(dy, tile), 1 / tile ** 2);
  const [height, width] = window.kernel;
  const counts = coverage(window, x, y, numberAttribute(node, "count_include_pad", 0) === 1);
  const shares = f.div(dy, x.owner.constant(counts, [1, 1, ...plane(y)]));
  const channels = sizeAt(x.shape, 1);
  const ones = x.owner.constant(new Float32Array(channels * height * width).fill(1), [
    channels,
    1,
    height,
    width,
  ]);
  return f.convTranspose(shares, ones, {
    strides: window.strides,
    group: channels,
    ...exactTranspose(window, plane(x), plane(y)),
  });
}

/** Below every float32 picture, yet finite: some providers dislike infinities in Pad. */
const LOWEST = -3.4e38;

/**
 * Largest pixels that tie share the gradient. Windows may overlap: each of the kernel's places is compared
 * with the result on its own, and one depthwise transposed convolution puts the shares back.
 */
function maxGradient({ node, x, y, dy, window, tile }: PoolBackward): Value {
  if (tile !== undefined) {
    const ties = f.cast(f.equal(x, f.resizeNearest(y, tile)), "float32");
    const counts = f.mul(f.averagePool(ties, { kernel: window.kernel }), tile ** 2);
    return f.mul(ties, f.resizeNearest(f.div(dy, counts), tile));
  }
  const [height, width] = window.kernel;
  const [rows, columns] = plane(y);
  const [top, left] = window.pads;
  const [strideY, strideX] = window.strides;
  const extent = [(rows - 1) * strideY + height, (columns - 1) * strideX + width] as const;
  const [bottom, right] = [extent[0] - top - sizeAt(x.shape, 2), extent[1] - left - sizeAt(x.shape, 3)];
  const padded = f.pad(x, [0, 0, top, left, 0, 0, bottom, right], "constant", LOWEST);
  const ties: Value[] = [];
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const lines = f.slice(padded, 2, i, i + (rows - 1) * strideY + 1, strideY);
      const place = f.slice(lines, 3, j, j + (columns - 1) * strideX + 1, strideX);
      ties.push(f.unsqueeze(f.cast(f.equal(place, y), "float32"), [2]));
    }
  }
  const [first, ...rest] = ties;
  if (first === undefined) throw misfit(node, "the kernel is empty", x);
  const stacked = f.concat([first, ...rest], 2);
  const shares = f.mul(stacked, f.unsqueeze(f.div(dy, f.reduceSum(stacked, [2], false)), [2]));
  const [n = 1, channels = 1] = x.shape;
  const places = height * width;
  const spread = new Float32Array(channels * places * places);
  for (let k = 0; k < channels * places; k++) spread[k * places + (k % places)] = 1;
  return f.convTranspose(
    f.reshape(shares, [n, channels * places, rows, columns]),
    x.owner.constant(spread, [channels * places, 1, height, width]),
    { strides: window.strides, group: channels, ...exactTranspose(window, plane(x), plane(y)) },
  );
}

export const pooling = {
  AveragePool: {
    infer: ({ node, inputs }) => [inferPool(node, required(node, inputs, 0))],
    gradient: (backward) => [averageGradient(poolBackward(backward))],
  },
  MaxPool: {
    infer: ({ node, inputs }) => [inferPool(node, required(node, inputs, 0))],
    gradient: (backward) => [maxGradient(poolBackward(backward))],
  },
  GlobalAveragePool: {
    infer: ({ node, inputs }) => {
      const x = required(node, inputs, 0);
      return [{ type: x.type, shape: [...x.shape.slice(0, 2), ...x.shape.slice(2).map(() => 1)] }];
    },
    gradient: (backward) => {
      const x = required(backward.node, backward.inputs, 0);
      return [f.expand(f.mul(onlyGradient(backward), 1 / elementCount(x.shape.slice(2))), x.shape)];
    },
  },
} satisfies Record<string, Operator>;
