import { RfmError } from "../../files";
import { sizesOf, type Weights } from "../weights";

/** Side of the learned constant that every picture grows from. */
const FIRST_RESOLUTION = 4;

/** What the sizes of the weights say about a StyleGAN2 generator. */
export interface StyleGan2Shape {
  /** Side of the picture in pixels. */
  readonly resolution: number;
  /** Rows of w+: one per convolution, and one for the last picture. */
  readonly layers: number;
  readonly zDimension: number;
  readonly wDimension: number;
  /** Channels of the constant, then output channels of every convolution. */
  readonly channels: readonly number[];
}

/** Reads the sizes off the weights. @throws RfmError("model") where they are no StyleGAN2's. */
export function styleGan2Shape(weights: Weights): StyleGan2Shape {
  const [, first] = sizesOf(weights, "synthesis.early_layer.const", [
    1,
    undefined,
    FIRST_RESOLUTION,
    FIRST_RESOLUTION,
  ]);
  const channels = [first];
  let width = first;
  for (let i = 0; weights.has(`synthesis.layer${i}.weight`); i++) {
    [width] = sizesOf(weights, `synthesis.layer${i}.weight`, [undefined, width, 3, 3]);
    channels.push(width);
  }
  const convolutions = channels.length - 1;
  if (convolutions % 2 === 0) {
    throw new RfmError(
      "model",
      `The checkpoint has ${convolutions} synthesis layers where StyleGAN2 has one at ${FIRST_RESOLUTION} pixels and two at each larger size; use a whole checkpoint.`,
    );
  }
  const [, wDimension] = sizesOf(weights, "synthesis.layer0.style.weight", [undefined, undefined]);
  const [, zDimension] = sizesOf(weights, "mapping.dense0.weight", [undefined, undefined]);
  return {
    resolution: layerResolution(convolutions - 1),
    layers: convolutions + 1,
    zDimension,
    wDimension,
    channels,
  };
}

/** Side of what a convolution computes: every second one doubles it. */
export function layerResolution(layer: number): number {
  return FIRST_RESOLUTION * 2 ** Math.ceil(layer / 2);
}
