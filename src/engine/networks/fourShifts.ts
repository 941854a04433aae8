import { matmul, reshape, type Value } from "../onnx";

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
 *
 * It is one product with a small matrix, whose derivative is another one: padding and adding up such small squares takes ten
 * times as long, which is felt where the kernel is trained.
 */
export function fourShifts(kernel: Value): Value {
  const [a = 0, b = 0, k = 0] = kernel.shape;
  const matrix = kernel.owner.constant(shiftMatrix(k), [k ** 2, (k + 1) ** 2]);
  return reshape(matmul(reshape(kernel, [a * b, k ** 2]), matrix), [a, b, k + 1, k + 1]);
}

/** [k*k, (k+1)*(k+1)]: 1 where a number of the square comes to lie in the larger one. */
function shiftMatrix(k: number): Float32Array {
  const matrix = new Float32Array(k ** 2 * (k + 1) ** 2);
  for (let from = 0; from < k ** 2; from++) {
    for (const [down, along] of SHIFTS) {
      const to = (Math.floor(from / k) + down) * (k + 1) + (from % k) + along;
      matrix[from * (k + 1) ** 2 + to] = 1;
    }
  }
  return matrix;
}
