import { RfmError } from "../../files";
import { sizesOf, type Weights } from "../weights";

/**
 * A classifier as its weights and what its settings say. The canonical names are TensorFlow's with dots
 * ("256x256.Conv0.weight"), kernels are [out,in,k,k], matrices [out,in].
 */
export interface CelebaClassifier {
  /** What the network calls itself in its file. */
  readonly name: string;
  readonly weights: Weights;
  /** Taps of the filter before each halving, along one axis; empty where there is none. */
  readonly blur: readonly number[];
}

/** What the sizes of the weights say about a classifier. */
export interface ClassifierShape {
  /** Side of the picture in pixels. */
  readonly resolution: number;
  /** Channels that the pictures' standard deviation adds before the last convolution. */
  readonly deviations: number;
}

/** Side of the last features. */
export const LAST_RESOLUTION = 4;

/** Reads the sizes off the weights. @throws RfmError("model") where they are no such classifier's. */
export function classifierShape(weights: Weights): ClassifierShape {
  let resolution = LAST_RESOLUTION;
  while (weights.has(`${2 * resolution}x${2 * resolution}.Conv0.weight`)) resolution *= 2;
  if (resolution === LAST_RESOLUTION) {
    throw new RfmError("model", "The classifier has no layer of 8 pixels or more; use a whole checkpoint.");
  }
  const before = 2 * LAST_RESOLUTION;
  const [channels] = sizesOf(weights, `${before}x${before}.Conv1_down.weight`, [undefined, undefined, 3, 3]);
  const [, inner] = sizesOf(weights, "4x4.Conv.weight", [undefined, undefined, 3, 3]);
  const deviations = inner - channels;
  if (deviations < 0) {
    throw new RfmError(
      "model",
      `The last convolution takes ${inner} channels where ${channels} are given; check the checkpoint.`,
    );
  }
  const [logits] = sizesOf(weights, "4x4.Dense1.weight", [undefined, undefined]);
  if (logits !== 1) {
    throw new RfmError("model", `The network gives ${logits} numbers where a classifier gives one logit.`);
  }
  return { resolution, deviations };
}
