import { decodeFloat16, type Tensor } from "../../onnx";
import { sizesOf, weightOf, type Weights } from "../weights";

/** The noise of a convolution: the stored picture [1,1,r,r] and its strength. */
export interface StoredNoise {
  readonly name: string;
  readonly strength: number;
}

/** Noise that the weights carry for a layer; undefined where there is none or its strength is zero. */
export function storedNoise(weights: Weights, layer: string, resolution: number): StoredNoise | undefined {
  const name = `${layer}.noise`;
  if (!weights.has(name) || !weights.has(`${layer}.noise_strength`)) return undefined;
  sizesOf(weights, name, [1, 1, resolution, resolution]);
  const strength = firstNumber(weightOf(weights, `${layer}.noise_strength`));
  return strength === 0 ? undefined : { name, strength };
}

function firstNumber({ data }: Tensor): number {
  return data instanceof Uint16Array ? (decodeFloat16(data)[0] ?? 0) : Number(data[0] ?? 0);
}

/** Whether a picture depends on the noise stored with the weights. */
export function hasNoise(weights: Weights): boolean {
  for (const [name, tensor] of weights)
    if (name.endsWith(".noise_strength") && firstNumber(tensor) !== 0) return true;
  return false;
}
