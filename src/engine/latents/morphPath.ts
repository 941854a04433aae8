import { RfmError } from "../files";
import { lerp, slerp } from "./morph";

/**
 * Codes of the frames of a path through codes, evenly apart, the first and the last being the path's ends: along straight lines in
 * w and w+, along great circles in z.
 *
 * @param stops two codes or more, all of one length.
 * @param frames 2 or more.
 * @returns for each frame its code and where it is on the path: 1.25 is a quarter of the way from the second stop to the third.
 * @throws RfmError("usage") for fewer stops or frames, or codes of several lengths.
 */
export function morphPath(
  stops: readonly Float32Array[],
  frames: number,
  space: "z" | "w" | "w+",
): { readonly code: Float32Array; readonly place: number }[] {
  if (stops.length < 2)
    throw new RfmError("usage", "A morph needs two latents to lead from one to the other; give one more.");
  if (!Number.isSafeInteger(frames) || frames < 2)
    throw new RfmError("usage", `A morph cannot have ${frames} frames; give a whole number from 2.`);
  const between = space === "z" ? slerp : lerp;
  return Array.from({ length: frames }, (_, frame) => {
    const place = (frame * (stops.length - 1)) / (frames - 1);
    // The last stop is the end of the last stretch.
    const from = Math.min(stops.length - 2, Math.floor(place));
    const empty = new Float32Array(0);
    return { code: between(stops[from] ?? empty, stops[from + 1] ?? empty, place - from), place };
  });
}
