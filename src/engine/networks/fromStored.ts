import { toFloat32, type StoredTensor } from "../checkpoints";
import type { Tensor } from "../onnx";
import type { Weights } from "./weights";

/** Tensors of a checkpoint as weights: float16 stays as it is, everything else becomes float32. */
export function weightsFrom(tensors: ReadonlyMap<string, StoredTensor>): Weights {
  return new Map([...tensors].map(([name, tensor]): [string, Tensor] => [name, weightFrom(tensor)]));
}

/** One tensor of a checkpoint as {@link weightsFrom} takes it. */
export function weightFrom(tensor: StoredTensor): Tensor {
  const { shape, data, dtype } = tensor;
  if (dtype === "float16" && data instanceof Uint16Array) return { type: dtype, shape, data };
  return { type: "float32", shape, data: toFloat32(tensor) };
}
