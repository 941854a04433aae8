import { RfmError } from "../../files";
import { sizesOf, type Weights } from "../weights";

/** Side of what the first convolution makes of z. */
export const FIRST_RESOLUTION = 4;

/** What the sizes of the weights say about a PGGAN generator. */
export interface PgGanShape {
  /** Side of the picture in pixels. */
  readonly resolution: number;
  readonly zDimension: number;
  /** Output channels of every convolution. */
  readonly channels: readonly number[];
}

/** Reads the sizes off the weights. @throws RfmError("model") where they are no PGGAN's. */
export function pgGanShape(weights: Weights): PgGanShape {
  const [first, zDimension] = sizesOf(weights, "layer0.conv.weight", [
    undefined,
    undefined,
    FIRST_RESOLUTION,
    FIRST_RESOLUTION,
  ]);
  const channels = [first];
  let width = first;
  for (let i = 1; weights.has(`layer${i}.conv.weight`); i++) {
    [width] = sizesOf(weights, `layer${i}.conv.weight`, [undefined, width, 3, 3]);
    channels.push(width);
  }
  if (channels.length % 2 !== 0) {
    throw new RfmError(
      "model",
      `The checkpoint has ${channels.length} layers where PGGAN has two at each size; use a whole checkpoint.`,
    );
  }
  return { resolution: FIRST_RESOLUTION * 2 ** (channels.length / 2 - 1), zDimension, channels };
}
