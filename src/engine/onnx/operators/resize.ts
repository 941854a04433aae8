import { RfmError } from "../../files";
import { stringAttribute } from "../attributes";
import * as f from "../functions";
import type { GraphNode } from "../graph";
import { sizeAt } from "../shapes";
import { mapAxis, transposed } from "./linearMap";
import { constantNumbers, misfit, numbersOf, onlyGradient, required, type Operator } from "./operator";

/** Where output pixel `index` lies in the input, in input pixels. */
function sourceCoordinate(node: GraphNode, index: number, scale: number, from: number, to: number): number {
  const mode = stringAttribute(node, "coordinate_transformation_mode", "half_pixel");
  switch (mode) {
    case "half_pixel":
      return (index + 0.5) / scale - 0.5;
    case "pytorch_half_pixel":
      return to > 1 ? (index + 0.5) / scale - 0.5 : 0;
    case "align_corners":
      return to > 1 ? (index * (from - 1)) / (to - 1) : 0;
    case "asymmetric":
      return index / scale;
    default:
      throw new RfmError("graph", `A Resize node with the coordinates ${mode} cannot be differentiated.`);
  }
}

function nearest(node: GraphNode, at: number): number {
  switch (stringAttribute(node, "nearest_mode", "round_prefer_floor")) {
    case "floor":
      return Math.floor(at);
    case "ceil":
      return Math.ceil(at);
    case "round_prefer_ceil":
      return Math.floor(at + 0.5);
    default:
      return Math.ceil(at - 0.5);
  }
}

/** Interpolation along one axis as a [to, from] matrix. */
function interpolation(node: GraphNode, from: number, to: number, scale: number): Float32Array {
  const matrix = new Float32Array(to * from);
  const put = (row: number, column: number, weight: number): void => {
    const at = row * from + Math.min(Math.max(column, 0), from - 1);
    matrix[at] = (matrix[at] ?? 0) + weight;
  };
  const mode = stringAttribute(node, "mode", "nearest");
  if (mode !== "nearest" && mode !== "linear") {
    throw new RfmError("graph", `A Resize node with the interpolation ${mode} cannot be differentiated.`);
  }
  for (let row = 0; row < to; row++) {
    const at = sourceCoordinate(node, row, scale, from, to);
    if (mode === "nearest") {
      put(row, nearest(node, at), 1);
    } else {
      const clamped = Math.min(Math.max(at, 0), from - 1);
      const low = Math.floor(clamped);
      put(row, low, 1 - (clamped - low));
      put(row, low + 1, clamped - low);
    }
  }
  return matrix;
}

export const resize = {
  Resize: {
    infer: (application) => {
      const { node, inputs } = application;
      const x = required(node, inputs, 0);
      const sizes = constantNumbers(application, 3);
      const scales = constantNumbers(application, 2);
      const shape =
        sizes ?? x.shape.map((size, axis) => Math.floor(Math.fround(size * (scales?.[axis] ?? 1))));
      if (shape.length !== x.shape.length) throw misfit(node, "one size for every axis is needed", x);
      return [{ type: x.type, shape }];
    },
    gradient: (backward) => {
      const { node, inputs, outputs } = backward;
      const x = required(node, inputs, 0);
      const y = required(node, outputs, 0);
      const dy = onlyGradient(backward);
      const scales =
        inputs[2] === undefined
          ? x.shape.map((size, axis) => sizeAt(y.shape, axis) / size)
          : numbersOf(node, inputs[2]);
      const [vertical = 1, horizontal = 1] = scales.slice(2);
      const repeats =
        stringAttribute(node, "mode", "nearest") === "nearest" &&
        stringAttribute(node, "coordinate_transformation_mode", "half_pixel") === "asymmetric" &&
        stringAttribute(node, "nearest_mode", "round_prefer_floor") === "floor";
      if (repeats && x.shape.length === 4 && vertical === horizontal && Number.isInteger(vertical)) {
        return [f.mul(f.averagePool(dy, { kernel: [vertical, vertical] }), vertical * vertical)];
      }
      return [
        x.shape.reduce((gradient, from, axis) => {
          const to = sizeAt(y.shape, axis);
          if (to === from && scales[axis] === 1) return gradient;
          const matrix = interpolation(node, from, to, scales[axis] ?? 1);
          return mapAxis(gradient, axis, transposed(matrix, to, from), from);
        }, dy),
      ];
    },
  },
} satisfies Record<string, Operator>;
