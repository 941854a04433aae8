import { RfmError } from "../../files";
import { sizesOf, type Weights } from "../weights";

/** Red, green, blue. */
export const COLOURS = 3;
/** Side of what the last block gives. */
const LAST_RESOLUTION = 4;
const MOST_BLOCKS = 10;
/** Blocks that halve by a strided convolution, counted from the picture: those of 1024 to 128 pixels at full depth. */
const FUSED_BLOCKS = 4;

/** What the names and sizes of the weights say about an encoder E. */
export interface EncoderEShape {
  readonly blocks: number;
  /** Side of the picture in pixels. */
  readonly resolution: number;
  /** Rows of w+: two for each block. */
  readonly layers: number;
  readonly wDimension: number;
  /** Channels of the 4x4 features beside w+: those of the generator's constant. */
  readonly constChannels: number;
  /** Whether features are smoothed before the second convolution (E_Blur). */
  readonly isBlurred: boolean;
  /** How many of the first blocks halve by a strided convolution; where there is no blur, none. */
  readonly fusedBlocks: number;
}

/** Reads the sizes off published weights. @throws RfmError("model") where they are no E's. */
export function encoderEShape(weights: Weights): EncoderEShape {
  let [channels] = sizesOf(weights, "FromRGB.from_rgb.weight", [undefined, COLOURS, 1, 1]);
  sizesOf(weights, "FromRGB.from_rgb.bias", [channels]);
  let blocks = 0;
  for (; weights.has(`decode_block.${blocks}.conv_2.weight`); blocks++)
    [channels] = sizesOf(weights, `decode_block.${blocks}.conv_2.weight`, [undefined, channels, 3, 3]);
  // The last block has only the first convolution.
  sizesOf(weights, `decode_block.${blocks}.conv_1.weight`, [channels, channels, 3, 3]);
  blocks++;
  if (blocks > MOST_BLOCKS) {
    throw new RfmError(
      "model",
      `The encoder has ${blocks} blocks, for pictures larger than any face model draws; check the checkpoint.`,
    );
  }
  const [wDimension] = sizesOf(weights, "decode_block.0.inver_mod1.weight", [undefined, undefined]);
  const isBlurred = weights.has("decode_block.0.blur.weight");
  return {
    blocks,
    resolution: LAST_RESOLUTION * 2 ** (blocks - 1),
    layers: 2 * blocks,
    wDimension,
    constChannels: channels,
    isBlurred,
    fusedBlocks: isBlurred ? FUSED_BLOCKS : 0,
  };
}
