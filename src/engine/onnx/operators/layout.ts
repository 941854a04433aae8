import { RfmError } from "../../files";
import { numberAttribute, numbersAttribute, stringAttribute } from "../attributes";
import * as f from "../functions";
import type { GraphNode, TensorType } from "../graph";
import { broadcastShapes, elementCount, normaliseAxis, sizeAt } from "../shapes";
import type { Value } from "../value";
import { sumTo } from "./broadcast";
import { mapAxis, pickingMatrix, transposed } from "./linearMap";
import {
  constantNumbers,
  misfit,
  numbersOf,
  onlyGradient,
  required,
  type Application,
  type Backward,
  type Operator,
} from "./operator";

/** An operator that only gives the same elements another shape; so does its adjoint. */
function reshaping(shapeOf: (application: Application, x: TensorType) => number[]): Operator {
  return {
    infer: (application) => {
      const x = required(application.node, application.inputs, 0);
      const shape = shapeOf(application, x);
      if (elementCount(shape) !== elementCount(x.shape)) {
        throw misfit(application.node, `its elements do not fill [${shape.join(",")}]`, x);
      }
      return [{ type: x.type, shape }];
    },
    gradient: (backward) => [
      f.reshape(onlyGradient(backward), required(backward.node, backward.inputs, 0).shape),
    ],
  };
}

function axesOf(application: Application, rank: number): number[] {
  return (constantNumbers(application, 1) ?? []).map((axis) => normaliseAxis(axis, rank));
}

/** One axis of a Slice with its bounds clamped as ONNX does. */
interface SlicedAxis {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Slices of a node from its constant parameters (starts, ends, axes, steps). */
export function slicedAxes(
  shape: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  axes: readonly number[] | undefined,
  steps: readonly number[] | undefined,
): SlicedAxis[] {
  return starts.map((rawStart, index) => {
    const axis = normaliseAxis(axes?.[index] ?? index, shape.length);
    const size = sizeAt(shape, axis);
    const step = steps?.[index] ?? 1;
    if (step === 0) throw new RfmError("graph", "A Slice node has step 0; check the graph.");
    const limit = (bound: number, low: number, high: number): number =>
      Math.min(Math.max(bound < 0 ? bound + size : bound, low), high);
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    const start = step > 0 ? limit(rawStart, 0, size) : limit(rawStart, 0, size - 1);
    const end = limit(ends[index] ?? 0, low, high);
    return { axis, start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
  });
}

function indicesAlong({ start, step, count }: SlicedAxis): number[] {
  return Array.from({ length: count }, (_, index) => start + index * step);
}

function scatterSlice(dy: Value, shape: readonly number[], slices: readonly SlicedAxis[]): Value {
  if (slices.every(({ step }) => step === 1)) {
    const before = shape.map((_, axis) => slices.find((slice) => slice.axis === axis)?.start ?? 0);
    const after = shape.map((size, axis) => size - (before[axis] ?? 0) - sizeAt(dy.shape, axis));
    return f.pad(dy, [...before, ...after]);
  }
  return slices.reduce((gradient, slice) => {
    const size = sizeAt(shape, slice.axis);
    if (slice.step === -1 && slice.count === size) return f.flip(gradient, [slice.axis]);
    const matrix = pickingMatrix(indicesAlong(slice), size);
    return mapAxis(gradient, slice.axis, transposed(matrix, slice.count, size), size);
  }, dy);
}

/** Where each padded element of an axis comes from; -1 is the fill. */
export function paddedSources(size: number, before: number, after: number, mode: string): number[] {
  return Array.from({ length: before + size + after }, (_, index) => {
    const at = index - before;
    if (at >= 0 && at < size) return at;
    if (mode === "edge") return Math.min(Math.max(at, 0), size - 1);
    if (mode !== "reflect") return -1;
    return at < 0 ? -at : 2 * (size - 1) - at;
  });
}

function padGradient(backward: Backward): Value {
  const { node, inputs } = backward;
  const x = required(node, inputs, 0);
  const pads = numbersOf(node, inputs[1]);
  const dy = onlyGradient(backward);
  const rank = x.shape.length;
  const mode = stringAttribute(node, "mode", "constant");
  if (mode === "constant")
    return f.pad(
      dy,
      pads.map((count) => -count),
    );
  return x.shape.reduce((gradient, size, axis) => {
    const sources = paddedSources(size, pads[axis] ?? 0, pads[axis + rank] ?? 0, mode);
    if (sources.length === size) return gradient;
    return mapAxis(gradient, axis, transposed(pickingMatrix(sources, size), sources.length, size), size);
  }, dy);
}

/** The order of [n, c, h, b, w, b] that makes a picture's pixels channels again: CRD keeps a channel's block together. */
function blockOrder(node: GraphNode): readonly number[] {
  return stringAttribute(node, "mode", "DCR") === "CRD" ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4];
}

export const layout = {
  Reshape: reshaping((application, x) => {
    const wanted = constantNumbers(application, 1) ?? [];
    const copied = wanted.map((size, axis) => (size === 0 ? sizeAt(x.shape, axis) : size));
    const known = copied.reduce((product, size) => (size < 0 ? product : product * size), 1);
    return copied.map((size) => (size < 0 ? elementCount(x.shape) / known : size));
  }),
  Flatten: reshaping(({ node }, x) => {
    const axis = numberAttribute(node, "axis", 1);
    return [elementCount(x.shape.slice(0, axis)), elementCount(x.shape.slice(axis))];
  }),
  Squeeze: reshaping((application, x) => {
    const axes = application.inputs[1] === undefined ? undefined : axesOf(application, x.shape.length);
    return x.shape.filter((size, axis) => (axes === undefined ? size !== 1 : !axes.includes(axis)));
  }),
  Unsqueeze: reshaping((application, x) => {
    const axes = constantNumbers(application, 1) ?? [];
    const rank = x.shape.length + axes.length;
    const added = new Set(axes.map((axis) => normaliseAxis(axis, rank)));
    const rest = [...x.shape];
    return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() ?? 1)));
  }),
  Transpose: {
    infer: ({ node, inputs }) => {
      const x = required(node, inputs, 0);
      const order = permutationOf(node, x.shape.length);
      return [{ type: x.type, shape: order.map((axis) => sizeAt(x.shape, axis)) }];
    },
    gradient: (backward) => {
      const dy = onlyGradient(backward);
      const order = permutationOf(backward.node, dy.shape.length);
      return [
        f.transpose(
          dy,
          dy.shape.map((_, axis) => order.indexOf(axis)),
        ),
      ];
    },
  },
  Concat: {
    infer: ({ node, inputs }) => {
      const first = required(node, inputs, 0);
      const axis = normaliseAxis(numberAttribute(node, "axis", 0), first.shape.length);
      const shape = [...first.shape];
      shape[axis] = inputs.reduce(
        (sum, _, index) => sum + sizeAt(required(node, inputs, index).shape, axis),
        0,
      );
      for (const input of inputs) {
        if (
          input?.shape.length !== shape.length ||
          input.shape.some((size, i) => i !== axis && size !== shape[i])
        ) {
          throw misfit(node, "all axes but the joined one must agree", ...inputs);
        }
      }
      return [{ type: first.type, shape }];
    },
    gradient: (backward) => {
      const { node, inputs } = backward;
      const dy = onlyGradient(backward);
      const axis = normaliseAxis(numberAttribute(node, "axis", 0), dy.shape.length);
      let start = 0;
      return inputs.map((_, index) => {
        const size = sizeAt(required(node, inputs, index).shape, axis);
        start += size;
        return backward.needs(index) ? f.slice(dy, axis, start - size, start) : undefined;
      });
    },
  },
  Split: {
    infer: (application) => {
      const { node, inputs } = application;
      const x = required(node, inputs, 0);
      const axis = normaliseAxis(numberAttribute(node, "axis", 0), x.shape.length);
      const count = node.outputs.length;
      const sizes =
        constantNumbers(application, 1) ?? new Array<number>(count).fill(sizeAt(x.shape, axis) / count);
      if (sizes.reduce((a, b) => a + b, 0) !== sizeAt(x.shape, axis))
        throw misfit(node, "the pieces do not add up", x);
      return sizes.map((size) => ({
        type: x.type,
        shape: x.shape.map((own, i) => (i === axis ? size : own)),
      }));
    },
    gradient: ({ node, outputs, gradients }) => {
      const pieces = outputs.map((output, index) => {
        const zeros = new Float32Array(elementCount(output.shape));
        return gradients[index] ?? output.owner.constant(zeros, output.shape);
      });
      const first = required(node, pieces, 0);
      return [f.concat([first, ...pieces.slice(1)], numberAttribute(node, "axis", 0))];
    },
  },
  Slice: {
    infer: (application) => {
      const x = required(application.node, application.inputs, 0);
      const parameters = [1, 2, 3, 4].map((index) => constantNumbers(application, index));
      const shape = [...x.shape];
      for (const { axis, count } of slicedAxes(
        shape,
        parameters[0] ?? [],
        parameters[1] ?? [],
        parameters[2],
        parameters[3],
      )) {
        shape[axis] = count;
      }
      return [{ type: x.type, shape }];
    },
    gradient: (backward) => {
      const { node, inputs } = backward;
      const x = required(node, inputs, 0);
      const [starts, ends, axes, steps] = [1, 2, 3, 4].map((index) =>
        inputs[index] === undefined ? undefined : numbersOf(node, inputs[index]),
      );
      const slices = slicedAxes(x.shape, starts ?? [], ends ?? [], axes, steps);
      return [scatterSlice(onlyGradient(backward), x.shape, slices)];
    },
  },
  Gather: {
    infer: ({ node, inputs }) => {
      const x = required(node, inputs, 0);
      const indices = required(node, inputs, 1);
      const axis = normaliseAxis(numberAttribute(node, "axis", 0), x.shape.length);
      return [
        { type: x.type, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] },
      ];
    },
    gradient: (backward) => {
      const { node, inputs } = backward;
      const x = required(node, inputs, 0);
      const axis = normaliseAxis(numberAttribute(node, "axis", 0), x.shape.length);
      const size = sizeAt(x.shape, axis);
      const indices = numbersOf(node, inputs[1]).map((index) => (index < 0 ? index + size : index));
      // A scalar index drops its axis; as one index it has a place for the map to work along.
      const flat = [...x.shape.slice(0, axis), indices.length, ...x.shape.slice(axis + 1)];
      const matrix = transposed(pickingMatrix(indices, size), indices.length, size);
      return [mapAxis(f.reshape(onlyGradient(backward), flat), axis, matrix, size)];
    },
  },
  Expand: {
    infer: (application) => {
      const x = required(application.node, application.inputs, 0);
      return [{ type: x.type, shape: broadcastShapes(x.shape, constantNumbers(application, 1) ?? []) }];
    },
    gradient: (backward) => [
      sumTo(onlyGradient(backward), required(backward.node, backward.inputs, 0).shape),
    ],
  },
  Pad: {
    infer: (application) => {
      const x = required(application.node, application.inputs, 0);
      const pads = constantNumbers(application, 1) ?? [];
      const rank = x.shape.length;
      return [
        {
          type: x.type,
          shape: x.shape.map((size, axis) => size + (pads[axis] ?? 0) + (pads[axis + rank] ?? 0)),
        },
      ];
    },
    gradient: (backward) => [padGradient(backward)],
  },
  DepthToSpace: {
    infer: ({ node, inputs }) => {
      const x = required(node, inputs, 0);
      const block = numberAttribute(node, "blocksize", 1);
      const [n = 1, c = 1, h = 1, w = 1] = x.shape;
      if (c % (block * block) !== 0) throw misfit(node, `channels must divide by ${block * block}`, x);
      return [{ type: x.type, shape: [n, c / (block * block), h * block, w * block] }];
    },
    gradient: (backward) => {
      const { node, inputs } = backward;
      const x = required(node, inputs, 0);
      const block = numberAttribute(node, "blocksize", 1);
      const [n = 1, c = 1, h = 1, w = 1] = x.shape;
      const channels = c / (block * block);
      const apart = f.reshape(onlyGradient(backward), [n, channels, h, block, w, block]);
      return [f.reshape(f.transpose(apart, blockOrder(node)), x.shape)];
    },
  },
} satisfies Record<string, Operator>;

function permutationOf(node: GraphNode, rank: number): readonly number[] {
  return numbersAttribute(
    node,
    "perm",
    Array.from({ length: rank }, (_, axis) => rank - 1 - axis),
  );
}
