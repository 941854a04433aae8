import { decodeFloat16, type Tensor } from "../../onnx";
import { sizesOf, weightOf, type Weights } from "../weights";

/** The noise of one convolution that has any: an input [1,1,r,r] of the graph and what the checkpoint stores. */
export interface LayerNoise {
  /** Name of the graph's input: `noise{layer}`. */
  readonly input: string;
  readonly strength: number;
  readonly resolution: number;
  /** The stored noise picture [r,r]. */
  readonly stored: Float32Array;
}

/** The noise of a layer; undefined where it has none or its strength is zero. */
export function layerNoise(weights: Weights, layer: number, resolution: number): LayerNoise | undefined {
  const name = `synthesis.layer${layer}`;
  if (!weights.has(`${name}.noise`) || !weights.has(`${name}.noise_strength`)) return undefined;
  sizesOf(weights, `${name}.noise`, [1, 1, resolution, resolution]);
  const [strength = 0] = numbers(weightOf(weights, `${name}.noise_strength`));
  if (strength === 0) return undefined;
  const stored = numbers(weightOf(weights, `${name}.noise`));
  return { input: `noise${layer}`, strength, resolution, stored };
}

function numbers({ data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  return data instanceof Uint16Array ? decodeFloat16(data) : Float32Array.from(data, Number);
}
