import { numbersOf } from "../arrays";
import { sizesOf, weightOf, type Weights } from "../weights";
import { layerResolution, styleGan1Shape } from "./shape";

/** The noise of one layer that has any: an input [1,1,r,r] of the graph and what the checkpoint stores. */
export interface NoisePicture {
  /** Name of the graph's input: `noise{layer}`. */
  readonly input: string;
  readonly resolution: number;
  /** The stored noise picture [r,r]; zeros, which draw without noise, where the checkpoint has none. */
  readonly stored: Float32Array;
}

/** The noise inputs of the synthesis graph for these weights, from the smallest picture up. */
export function styleGan1Noise(weights: Weights): NoisePicture[] {
  const { layers } = styleGan1Shape(weights);
  return Array.from({ length: layers }, (_, layer) => noisePicture(weights, layer)).filter(
    (noise) => noise !== undefined,
  );
}

/** The name of a layer's noise input; undefined where the layer has no noise or all its strengths are zero. */
export function noiseInput(weights: Weights, layer: number): string | undefined {
  const strength = weights.get(`synthesis.layer${layer}.noise_strength`);
  const isNoisy = strength !== undefined && numbersOf(strength).some((value) => value !== 0);
  return isNoisy ? `noise${layer}` : undefined;
}

function noisePicture(weights: Weights, layer: number): NoisePicture | undefined {
  const input = noiseInput(weights, layer);
  if (input === undefined) return undefined;
  const resolution = layerResolution(layer);
  const name = `synthesis.layer${layer}.noise`;
  if (!weights.has(name)) return { input, resolution, stored: new Float32Array(resolution ** 2) };
  sizesOf(weights, name, [1, 1, resolution, resolution]);
  return { input, resolution, stored: numbersOf(weightOf(weights, name)) };
}
