import { averagePool, resizeBilinear, type Value } from "../../onnx";

/**
 * A picture [n, 3, s, s] in [-1, 1] as the input of a face net, [n, 3, size, size] in [-1, 1]: pieces of a graph, so
 * that a loss or score can be differentiated through it. Shrinks by whole numbers with averages first, so that large
 * pictures do not alias, then interpolates.
 */
export function faceNetInput(x: Value, size: number): Value {
  const [, , height = size, width = size] = x.shape;
  const factor = Math.floor(Math.min(height, width) / size);
  const smaller = factor >= 2 ? averagePool(x, { kernel: [factor, factor] }) : x;
  const fits = smaller.shape[2] === size && smaller.shape[3] === size;
  return fits ? smaller : resizeBilinear(smaller, [size, size]);
}
