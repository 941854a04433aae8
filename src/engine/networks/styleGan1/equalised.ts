import { elementCount, type Tensor } from "../../onnx";
import { affine } from "../arrays";

/** Rate of the mapping network: its stored weights and biases are 1/rate times too large. */
export const LEARNING_RATE = 0.01;

/**
 * A stored weight [out,...] as the network multiplies with it: with an equalised learning rate it is scaled at run time
 * by gain / sqrt(fan in), fan in being the numbers that make one output (Karras et al. 2018, section 4.1).
 */
export function equalised(weight: Tensor, gain: number): Tensor {
  return affine(weight, gain / Math.sqrt(elementCount(weight.shape.slice(1))));
}
