import { convTranspose, flip, transpose, type Value } from "../../onnx";
import { fourShifts } from "../fourShifts";

/**
 * The convolution [o,i,3,3] of a picture of which each pixel is repeated twice in both axes, as one transposed
 * convolution of stride 2: 16 multiplications for what takes 36, and no repeated picture.
 *
 * Measured on the CPU provider forward and backward at 256 pixels, two thirds of the time of repeating and convolving;
 * at 1024 pixels, where channels are few, as fast and of less memory. Four convolutions 2x2, one for each place of a
 * pixel, are faster forward and slower backward.
 *
 * @param x [n,i,h,w]
 * @returns [n,o,2h,2w]
 */
export function upsamplingConvolution(x: Value, weight: Value): Value {
  const kernel = fourShifts(flip(transpose(weight, [1, 0, 2, 3]), [2, 3]));
  return convTranspose(x, kernel, { strides: [2, 2], pads: [1, 1, 1, 1] });
}
