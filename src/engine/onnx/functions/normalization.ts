import type { Value } from "../value";
import { single } from "./elementwise";

/** (x - mean) / sqrt(variance + epsilon) over each sample's channel, * scale [c] + bias [c]; biased variance. */
export function instanceNormalization(x: Value, scale: Value, bias: Value, epsilon: number): Value {
  return single(x.owner.apply("InstanceNormalization", [x, scale, bias], { epsilon }));
}

/** Inference-time batch normalisation: all parameters [c]. */
export function batchNormalization(
  x: Value,
  scale: Value,
  bias: Value,
  mean: Value,
  variance: Value,
  epsilon: number,
): Value {
  return single(x.owner.apply("BatchNormalization", [x, scale, bias, mean, variance], { epsilon }));
}
