import { RfmError } from "../../files";
import { numberAttribute, numbersAttribute } from "../attributes";
import * as f from "../functions";
import type { GraphNode, TensorType } from "../graph";
import { sizeAt } from "../shapes";
import type { Value } from "../value";
import { misfit, onlyGradient, required, type Operator } from "./operator";
import { exactTranspose, transposedSize, windowedSize, windowOf, type Window } from "./window";

function plane(value: TensorType): [number, number] {
  return [sizeAt(value.shape, 2), sizeAt(value.shape, 3)];
}

function convolutionWindow(node: GraphNode, x: TensorType, weight: TensorType): Window {
  if (x.shape.length !== 4 || weight.shape.length !== 4)
    throw misfit(node, "both must have four axes", x, weight);
  return windowOf(node, plane(weight), plane(x));
}

function biasGradient(dy: Value): Value {
  return f.reduceSum(dy, [0, 2, 3], false);
}

/**
 * d loss / d x of a convolution. At stride 1 it is again a plain convolution with the kernel turned and its
 * channels swapped, the fastest form on every provider; otherwise a transposed one. Channels of a depthwise
 * kernel have nothing to swap.
 */
function convolutionInputGradient(dy: Value, x: Value, weight: Value, window: Window, group: number): Value {
  const [height, width] = window.kernel;
  const [top, left, bottom, right] = window.pads;
  const pads = [height - 1 - top, width - 1 - left, height - 1 - bottom, width - 1 - right] as const;
  const unit = [...window.strides, ...window.dilations].every((step) => step === 1);
  const depthwise = group > 1 && sizeAt(weight.shape, 0) === group && sizeAt(weight.shape, 1) === 1;
  if (unit && pads.every((pad) => pad >= 0) && (group === 1 || depthwise)) {
    const turned = height * width === 1 ? weight : f.flip(weight, [2, 3]);
    return f.conv(dy, depthwise ? turned : f.transpose(turned, [1, 0, 2, 3]), { pads, group });
  }
  const { strides, dilations } = window;
  return f.convTranspose(dy, weight, {
    strides,
    dilations,
    group,
    ...exactTranspose(window, plane(x), plane(dy)),
  });
}

/**
 * d loss / d weight. Every place in the kernel has seen the input shifted by so much: its slope is the product of the
 * output's gradient and the shifted input as matrices of channels and pixels. A convolution by the output's gradient gives
 * the same at half the speed on the CPU provider, whose convolutions are made for small kernels; groups are left to it.
 */
function kernelGradient(dy: Value, x: Value, weight: Value, window: Window, group: number): Value {
  if (group > 1) return groupedKernelGradient(dy, x, weight, window, group);
  const [out = 1, inner = 1] = weight.shape;
  const [height, width] = window.kernel;
  const [top, left, bottom, right] = window.pads;
  const [rows, columns] = plane(dy);
  const [[down, across], [apart, beside]] = [window.strides, window.dilations];
  const channelsFirst = byChannel(x);
  const isPadded = window.pads.some((count) => count > 0);
  // What lies beyond the last place of the kernel is cut off by the slices.
  const padded = isPadded ? f.pad(channelsFirst, [0, 0, top, left, 0, 0, bottom, right]) : channelsFirst;
  const along = (value: Value, axis: number, start: number, count: number, step: number): Value =>
    start === 0 && step === 1 && count === sizeAt(value.shape, axis)
      ? value
      : f.slice(value, axis, start, start + (count - 1) * step + 1, step);
  // Shifts of columns side by side: rows are then shifted in whole lines, and the products are larger.
  const shifted = joined(
    range(width).map((column) => along(padded, 3, column * beside, columns, across)),
    0,
  );
  const slopes = f.reshape(byChannel(dy), [out, -1]);
  const products = range(height).map((row) => {
    const seen = f.reshape(along(shifted, 2, row * apart, rows, down), [width * inner, -1]);
    return f.reshape(f.gemm(slopes, seen, { transB: true }), [out, 1, width, inner]);
  });
  return f.transpose(joined(products, 1), [0, 3, 1, 2]);
}

/** [n,c,h,w] as [c,n,h,w]. */
function byChannel(x: Value): Value {
  const [n, c = 1] = x.shape;
  return n === 1 ? f.reshape(x, [c, 1, ...plane(x)]) : f.transpose(x, [1, 0, 2, 3]);
}

function joined([first, ...rest]: readonly Value[], axis: number): Value {
  if (first === undefined)
    throw new RfmError("graph", "A convolution's kernel has no size; check the graph.");
  return rest.length === 0 ? first : f.concat([first, ...rest], axis);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/**
 * The same for groups: the input correlated with the output's gradient, batch and channels having changed places, strides
 * and dilations too.
 */
function groupedKernelGradient(dy: Value, x: Value, weight: Value, window: Window, group: number): Value {
  const [n = 1, c = 1] = x.shape;
  const inGroup = c / group;
  const apart = f.reshape(x, [n, group, inGroup, ...plane(x)]);
  const turnedInput = f.reshape(f.transpose(apart, [2, 1, 0, 3, 4]), [inGroup, group * n, ...plane(x)]);
  const full = f.conv(turnedInput, f.transpose(dy, [1, 0, 2, 3]), {
    strides: window.dilations,
    dilations: window.strides,
    pads: window.pads,
    group,
  });
  // Where the forward pass cut rows off (floor), the correlation has some too many at the end.
  const [height, width] = window.kernel;
  const cutRows = sizeAt(full.shape, 2) === height ? full : f.slice(full, 2, 0, height);
  const cut = sizeAt(cutRows.shape, 3) === width ? cutRows : f.slice(cutRows, 3, 0, width);
  return f.reshape(f.transpose(cut, [1, 0, 2, 3]), weight.shape);
}

export const convolution = {
  Conv: {
    infer: ({ node, inputs }) => {
      const x = required(node, inputs, 0);
      const weight = required(node, inputs, 1);
      const window = convolutionWindow(node, x, weight);
      const group = numberAttribute(node, "group", 1);
      if (sizeAt(x.shape, 1) !== sizeAt(weight.shape, 1) * group)
        throw misfit(node, "channels must agree", x, weight);
      return [
        {
          type: x.type,
          shape: [sizeAt(x.shape, 0), sizeAt(weight.shape, 0), ...windowedSize(window, plane(x))],
        },
      ];
    },
    gradient: (backward) => {
      const { node, inputs } = backward;
      const x = required(node, inputs, 0);
      const weight = required(node, inputs, 1);
      const dy = onlyGradient(backward);
      const window = convolutionWindow(node, x, weight);
      const group = numberAttribute(node, "group", 1);
      return [
        backward.needs(0) ? convolutionInputGradient(dy, x, weight, window, group) : undefined,
        backward.needs(1) ? kernelGradient(dy, x, weight, window, group) : undefined,
        backward.needs(2) ? biasGradient(dy) : undefined,
      ];
    },
  },
  ConvTranspose: {
    infer: ({ node, inputs }) => {
      const x = required(node, inputs, 0);
      const weight = required(node, inputs, 1);
      const window = convolutionWindow(node, x, weight);
      const [bottom = 0, right = 0] = numbersAttribute(node, "output_padding", [0, 0]);
      if (sizeAt(x.shape, 1) !== sizeAt(weight.shape, 0))
        throw misfit(node, "channels must agree", x, weight);
      const channels = sizeAt(weight.shape, 1) * numberAttribute(node, "group", 1);
      return [
        {
          type: x.type,
          shape: [sizeAt(x.shape, 0), channels, ...transposedSize(window, plane(x), [bottom, right])],
        },
      ];
    },
    // The adjoint of a transposed convolution is the convolution it was transposed from.
    gradient: (backward) => {
      const { node, inputs } = backward;
      const x = required(node, inputs, 0);
      const weight = required(node, inputs, 1);
      const dy = onlyGradient(backward);
      const window = convolutionWindow(node, x, weight);
      const { strides, dilations, pads } = window;
      const group = numberAttribute(node, "group", 1);
      const forward = { strides, dilations, pads, group };
      return [
        backward.needs(0) ? cropTo(f.conv(dy, weight, forward), x) : undefined,
        backward.needs(1) ? kernelGradient(x, dy, weight, window, group) : undefined,
        backward.needs(2) ? biasGradient(dy) : undefined,
      ];
    },
  },
} satisfies Record<string, Operator>;

/** Output padding as large as the stride gives the adjoint rows that no input row made. */
function cropTo(gradient: Value, x: Value): Value {
  const [height, width] = plane(x);
  const rows = sizeAt(gradient.shape, 2) === height ? gradient : f.slice(gradient, 2, 0, height);
  return sizeAt(rows.shape, 3) === width ? rows : f.slice(rows, 3, 0, width);
}
