import type { Graph } from "../../onnx";
import { denseMapping } from "../denseMapping";
import type { Weights } from "../weights";

/** Equalised learning rate of the mapping network; its stored weights and biases are 1/rate times too large. */
export const LEARNING_RATE = 0.01;

/** StyleGAN2's mapping network in the genforce layout, gain sqrt(2) after each activation. See {@link denseMapping}. */
export function styleGan2Mapping(weights: Weights): Graph {
  // LeakyReLU is homogeneous, so its gain of sqrt(2) can be part of the affine map before it.
  const gain = Math.SQRT2 * LEARNING_RATE;
  return denseMapping(weights, (width) => ({ weight: gain / Math.sqrt(width), bias: gain }));
}
