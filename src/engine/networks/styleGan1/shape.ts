import { RfmError } from "../../files";
import { sizesOf, type Weights } from "../weights";

/** Side of the learned constant that every picture grows from. */
const FIRST_RESOLUTION = 4;
/** Twice the largest published generator; what claims to draw more is no generator. */
const LARGEST_RESOLUTION = 2048;
/** Red, green, blue. */
export const COLOURS = 3;

/** What the sizes of the weights say about a StyleGAN1 generator. */
export interface StyleGan1Shape {
  /** Side of the picture in pixels. */
  readonly resolution: number;
  /** Rows of w+: one per layer, the constant's included. */
  readonly layers: number;
  /** 0 where the weights lack the mapping network. */
  readonly zDimension: number;
  readonly wDimension: number;
  /** Channels that each layer gives. */
  readonly channels: readonly number[];
}

/**
 * Reads the sizes off canonical weights.
 *
 * The canonical layout of StyleGAN1 has every weight as the network multiplies with it: equalised learning rates
 * (gain / sqrt(fan in), and the mapping network's rate of 0.01) are multiplied in.
 *
 * | name | shape | |
 * | --- | --- | --- |
 * | `mapping.dense{i}.weight`, `.bias` | [out,in], [out] | as many as there are |
 * | `truncation.w_avg` | [W] or [L,W] | where the file has an average w |
 * | `synthesis.const` | [1,C,4,4] | |
 * | `synthesis.layer{i}.weight` | [out,in,3,3] | not for layer 0; every even layer is applied to its input at twice the size, each pixel repeated |
 * | `synthesis.layer{i}.noise_strength` | [out] | missing where the layer takes no noise |
 * | `synthesis.layer{i}.noise` | [1,1,r,r] | the stored noise picture, where the file has one |
 * | `synthesis.layer{i}.bias` | [out] | |
 * | `synthesis.layer{i}.style.weight`, `.bias` | [2 out,W], [2 out] | scales less one, then shifts |
 * | `synthesis.output.weight`, `.bias` | [3,C,1,1], [3] | the picture at full size |
 *
 * @throws RfmError("model") where they are no StyleGAN1's.
 */
export function styleGan1Shape(weights: Weights): StyleGan1Shape {
  const [, first] = sizesOf(weights, "synthesis.const", [1, undefined, FIRST_RESOLUTION, FIRST_RESOLUTION]);
  const channels = [first];
  let width = first;
  for (let i = 1; weights.has(`synthesis.layer${i}.weight`); i++) {
    [width] = sizesOf(weights, `synthesis.layer${i}.weight`, [undefined, width, 3, 3]);
    channels.push(width);
  }
  const layers = channels.length;
  if (layers % 2 !== 0) {
    throw new RfmError(
      "model",
      `The checkpoint has ${layers} synthesis layers where StyleGAN1 has two at each size; use a whole checkpoint.`,
    );
  }
  const resolution = layerResolution(layers - 1);
  if (resolution > LARGEST_RESOLUTION) {
    throw new RfmError(
      "model",
      `The checkpoint draws pictures of ${resolution} pixels, which no StyleGAN1 does; check the checkpoint.`,
    );
  }
  const [, wDimension] = sizesOf(weights, "synthesis.layer0.style.weight", [undefined, undefined]);
  return { resolution, layers, zDimension: mappingShape(weights)?.zDimension ?? 0, wDimension, channels };
}

/** What goes into the mapping network and what comes out of it; undefined where there is none. */
export function mappingShape(weights: Weights): { zDimension: number; wDimension: number } | undefined {
  if (!weights.has("mapping.dense0.weight")) return undefined;
  const [first, zDimension] = sizesOf(weights, "mapping.dense0.weight", [undefined, undefined]);
  let wDimension = first;
  for (let i = 1; weights.has(`mapping.dense${i}.weight`); i++)
    [wDimension] = sizesOf(weights, `mapping.dense${i}.weight`, [undefined, wDimension]);
  return { zDimension, wDimension };
}

/** Side of what a layer gives: there are two at each size. */
export function layerResolution(layer: number): number {
  return FIRST_RESOLUTION * 2 ** Math.floor(layer / 2);
}
