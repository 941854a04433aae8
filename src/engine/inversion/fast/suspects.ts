import type { Model } from "../../models";
import { clip } from "../metrics/clip";
import { roomForOccluders } from "./occluders";
import { weightsOfMask } from "./occlusion";
import { median, residualMap, shrunk, type FaceFrame } from "./residual";

/** Residuals so many times the picture's usual one are suspect. */
const SUSPECT = 1.7;
/** Residuals below this, of a range of 2, are no occluder whatever is usual. */
const LEAST = 0.1;
/** Guesses of the face behind what is suspect: each comes nearer to what is left of the face. */
const ROUNDS = 4;

/**
 * Pixels that a face of the model's might not have: far more of them than there are occluders, since those that are none are
 * given back by {@link findOccluders}.
 *
 * @param x a face of the model's that is like the photo, @param target the photo; [3,side,side] in [-1,1]
 * @returns 1 for suspect pixels, [side,side]
 */
export function suspects(x: Float32Array, target: Float32Array, frame: FaceFrame): Float32Array {
  const residuals = residualMap(x, target, frame);
  const enough = Math.max(LEAST, SUSPECT * median(residuals));
  return residuals.map((value) => (value >= enough ? 1 : 0));
}

/** A guess at the face behind what is before it. */
export interface Guess {
  /** w+ [L,D]. */
  readonly behind: Float32Array;
  /** The picture of that code, [3,S,S]. */
  readonly picture: Float32Array;
  /** The encoder's code of the photo as it is, w+ [L,D]. */
  readonly whole: Float32Array;
  /** What each pixel counts, [S,S]: 0 where it is suspect. */
  readonly weights: Float32Array;
}

/**
 * The encoder's guess at the face alone: what is unlike its guess is painted over with it, and guessed again, so that a bar across
 * the mouth is taken for a beard no longer. Costs four looks of the encoder and of the generator.
 */
export async function guessBehind(
  model: Model,
  target: Float32Array,
  frame: FaceFrame,
  signal?: AbortSignal,
): Promise<Guess> {
  const { resolution: size } = model;
  const small = shrunk(target, size, frame);
  const options = signal === undefined ? {} : { signal };
  const whole = await model.encode(target, 1, signal);
  let w = whole;
  let picture = await model.synthesize(w, 1, options);
  let suspect = suspects(shrunk(picture, size, frame), small, frame);
  for (let round = 1; round < ROUNDS; round++) {
    w = await model.encode(paintedOver(target, weightsOfMask(suspect, size), picture), 1, signal);
    picture = await model.synthesize(w, 1, options);
    suspect = suspects(shrunk(picture, size, frame), small, frame);
  }
  const room = roomForOccluders(suspect, frame);
  // Where nothing can be before the face, its own code is nearer than that of a picture painted over.
  const behind = room.some((value) => value > 0) ? w : whole;
  return { behind, picture, whole, weights: weightsOfMask(room, size) };
}

/** A photo [3,S,S] with another picture where its pixels do not count. @param weights [S,S] from 0 to 1 */
export function paintedOver(photo: Float32Array, weights: Float32Array, picture: Float32Array): Float32Array {
  return photo.map((value, at) => {
    const weight = weights[at % weights.length] as number;
    return weight * value + (1 - weight) * clip(picture[at] as number);
  });
}
