import type { Graph } from "../../onnx";
import { denseMapping } from "../denseMapping";
import type { Weights } from "../weights";

/** StyleGAN1's mapping network; canonical weights are effective. See {@link denseMapping}. */
export function styleGan1Mapping(weights: Weights): Graph {
  return denseMapping(weights, () => ({ weight: 1, bias: 1 }));
}
