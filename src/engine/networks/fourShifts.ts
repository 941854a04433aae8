import { add, pad, type Value } from "../onnx";

/** The places of a 2x2 square. */
const SHIFTS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/**
 * The sum of a kernel [a,b,k,k] at the four places of a 2x2 square, [a,b,k+1,k+1]. A transposed convolution of stride 2
 * with it equals repeating each pixel of the picture before the convolution; a convolution of stride 2 with a quarter of
 * it equals averaging 2x2 squares after the convolution.
 */
export function fourShifts(kernel: Value): Value {
  const shifted = SHIFTS.map(([down, along]) => pad(kernel, [0, 0, down, along, 0, 0, 1 - down, 1 - along]));
  return shifted.reduce((sum, each) => add(sum, each));
}
