import { numberAttribute, numbersAttribute, stringAttribute } from "../attributes";
import { RfmError } from "../../files";
import type { GraphNode } from "../graph";

/** A 2D sliding window; pairs are [vertical, horizontal], pads [top, left, bottom, right]. */
export interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly ceil: boolean;
}

function pair(node: GraphNode, name: string): [number, number] {
  const [a = 1, b = 1] = numbersAttribute(node, name, [1, 1]);
  return [a, b];
}

/** The window of a convolution or pool node over an input of [.., height, width]. */
export function windowOf(
  node: GraphNode,
  kernel: readonly [number, number],
  size: readonly [number, number],
): Window {
  const strides = pair(node, "strides");
  const dilations = pair(node, "dilations");
  const automatic = stringAttribute(node, "auto_pad", "NOTSET");
  const [top = 0, left = 0, bottom = 0, right = 0] = numbersAttribute(node, "pads", [0, 0, 0, 0]);
  const ceil = numberAttribute(node, "ceil_mode", 0) === 1;
  if (automatic === "NOTSET" || automatic === "VALID") {
    return { kernel, strides, dilations, pads: [top, left, bottom, right], ceil };
  }
  if (automatic !== "SAME_UPPER" && automatic !== "SAME_LOWER") {
    throw new RfmError(
      "graph",
      `A ${node.operator} node has the unknown padding ${automatic}; check the graph.`,
    );
  }
  const same = [0, 1].map((axis) => {
    const stride = strides[axis as 0 | 1];
    const extent =
      (Math.ceil(size[axis as 0 | 1] / stride) - 1) * stride + reach(kernel, dilations, axis as 0 | 1);
    const total = Math.max(0, extent - size[axis as 0 | 1]);
    const small = Math.floor(total / 2);
    return automatic === "SAME_UPPER" ? [small, total - small] : [total - small, small];
  });
  return {
    kernel,
    strides,
    dilations,
    pads: [same[0]?.[0] ?? 0, same[1]?.[0] ?? 0, same[0]?.[1] ?? 0, same[1]?.[1] ?? 0],
    ceil,
  };
}

function reach(kernel: readonly [number, number], dilations: readonly [number, number], axis: 0 | 1): number {
  return (kernel[axis] - 1) * dilations[axis] + 1;
}

/** Height and width of a window's output. */
export function windowedSize(window: Window, size: readonly [number, number]): [number, number] {
  const along = (axis: 0 | 1): number => {
    const room =
      size[axis] +
      window.pads[axis] +
      window.pads[(axis + 2) as 2 | 3] -
      reach(window.kernel, window.dilations, axis);
    const steps = room / window.strides[axis];
    return (window.ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  };
  return [along(0), along(1)];
}

/** Height and width of a transposed window's output. */
export function transposedSize(
  window: Window,
  size: readonly [number, number],
  outputPadding: readonly [number, number],
): [number, number] {
  const along = (axis: 0 | 1): number =>
    (size[axis] - 1) * window.strides[axis] +
    reach(window.kernel, window.dilations, axis) +
    outputPadding[axis] -
    window.pads[axis] -
    window.pads[(axis + 2) as 2 | 3];
  return [along(0), along(1)];
}

/**
 * Pads and output padding with which a transposed window leads from `small` back to exactly `large`: the
 * bottom and right pads of the forward window may have been cut (floor) or overrun (ceil).
 */
export function exactTranspose(
  window: Window,
  large: readonly [number, number],
  small: readonly [number, number],
): { pads: [number, number, number, number]; outputPadding: [number, number] } {
  const end = ([0, 1] as const).map(
    (axis) =>
      (small[axis] - 1) * window.strides[axis] +
      reach(window.kernel, window.dilations, axis) -
      window.pads[axis] -
      large[axis],
  );
  const [bottom = 0, right = 0] = end;
  return {
    pads: [window.pads[0], window.pads[1], Math.max(0, bottom), Math.max(0, right)],
    outputPadding: [Math.max(0, -bottom), Math.max(0, -right)],
  };
}
